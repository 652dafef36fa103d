import type { ToolDefinition } from './toolbox/definition.ts';

const VERSION = '0.18.1';

/** Deduplicating, encrypted backups of folders. */
export const tool: ToolDefinition = {
  name: 'restic',
  programs: ['restic'],
  purpose: 'backs folders up into an encrypted repository',
  accepts: '>=0.16 <1',
  version: { args: ['version'], pattern: /restic v?(\d+(?:\.\d+)+)/ },
  release: {
    repository: 'restic/restic',
    tag: `v${VERSION}`,
    assets: {
      'linux-x64': {
        file: `restic_${VERSION}_linux_amd64.bz2`,
        sha256: '680838f19d67151adba227e1570cdd8af12c19cf1735783ed1ba928bc41f363d',
      },
      'linux-arm64': {
        file: `restic_${VERSION}_linux_arm64.bz2`,
        sha256: '87f53fddde38764095e9c058a3b31834052c37e5826d2acf34e18923c006bd45',
      },
      'darwin-x64': {
        file: `restic_${VERSION}_darwin_amd64.bz2`,
        sha256: 'eb8543ed92ff1ddb67762daebf09f7bea4b0c37d21edb6a910bee3d4f514015f',
      },
      'darwin-arm64': {
        file: `restic_${VERSION}_darwin_arm64.bz2`,
        sha256: '193fccc8bb4567b498923bc70261e104ff22be88016f0f108b035dad372ab711',
      },
    },
  },
  go: {
    module: 'github.com/restic/restic',
    version: `v${VERSION}`,
    sums: new URL('./modules/restic/', import.meta.url),
    commands: { restic: 'cmd/restic' },
    takes: 'about a minute',
  },
  hint: 'install restic (`apt-get install restic`, `brew install restic`), or install Go and it is built for you.',
};
