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
    checksums: 'SHA256SUMS',
    assets: {
      'linux-x64': `restic_${VERSION}_linux_amd64.bz2`,
      'linux-arm64': `restic_${VERSION}_linux_arm64.bz2`,
      'darwin-x64': `restic_${VERSION}_darwin_amd64.bz2`,
      'darwin-arm64': `restic_${VERSION}_darwin_arm64.bz2`,
    },
  },
  go: {
    module: 'github.com/restic/restic',
    version: `v${VERSION}`,
    commands: { restic: 'cmd/restic' },
    takes: 'about a minute',
  },
  hint: 'install restic (`apt-get install restic`, `brew install restic`), or install Go and it is built for you.',
};
