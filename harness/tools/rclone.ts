import type { ToolDefinition } from './toolbox/definition.ts';

const VERSION = '1.75.1';

/** Copies folders to and from object stores. */
export const tool: ToolDefinition = {
  name: 'rclone',
  programs: ['rclone'],
  purpose: 'copies folders to and from buckets',
  accepts: '>=1.60 <2',
  version: { args: ['version'], pattern: /rclone v(\d+(?:\.\d+)+)/ },
  release: {
    repository: 'rclone/rclone',
    tag: `v${VERSION}`,
    checksums: 'SHA256SUMS',
    assets: {
      'linux-x64': `rclone-v${VERSION}-linux-amd64.zip`,
      'linux-arm64': `rclone-v${VERSION}-linux-arm64.zip`,
      'darwin-x64': `rclone-v${VERSION}-osx-amd64.zip`,
      'darwin-arm64': `rclone-v${VERSION}-osx-arm64.zip`,
    },
  },
  go: {
    module: 'github.com/rclone/rclone',
    version: `v${VERSION}`,
    commands: { rclone: '' },
    sets: { 'github.com/rclone/rclone/fs.Version': `v${VERSION}` },
    takes: 'several minutes',
  },
  hint: 'install rclone (`apt-get install rclone`, `brew install rclone`), or install Go and it is built for you.',
};
