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
    assets: {
      'linux-x64': {
        file: `rclone-v${VERSION}-linux-amd64.zip`,
        sha256: '982b5aa772841168f8e380f139e9e787b2a105403e32b94da8676a0e1c0a13ab',
      },
      'linux-arm64': {
        file: `rclone-v${VERSION}-linux-arm64.zip`,
        sha256: '03f2504174034b6d004152ed7369251c9a9ec1f7e0836eda420f5c7a5ec0dff9',
      },
      'darwin-x64': {
        file: `rclone-v${VERSION}-osx-amd64.zip`,
        sha256: '29253d0288b8fbbac46baad6e5f6add6cb01d462c79f10805bbd4631c4cdf82c',
      },
      'darwin-arm64': {
        file: `rclone-v${VERSION}-osx-arm64.zip`,
        sha256: 'c61d7a371c62bcbbe882c3423aa4b8bf63485c248dd0f692997b8f0c3f6d0c6f',
      },
    },
  },
  go: {
    module: 'github.com/rclone/rclone',
    version: `v${VERSION}`,
    sums: new URL('./modules/rclone/', import.meta.url),
    commands: { rclone: '' },
    sets: { 'github.com/rclone/rclone/fs.Version': `v${VERSION}` },
    takes: 'several minutes',
  },
  hint: 'install rclone (`apt-get install rclone`, `brew install rclone`), or install Go and it is built for you.',
};
