import type { ToolDefinition } from './toolbox/definition.ts';

const VERSION = '1.8.0';

/** An S3 server over a plain folder. */
export const tool: ToolDefinition = {
  name: 'versitygw',
  programs: ['versitygw'],
  purpose: 'serves S3 buckets out of a folder',
  accepts: '>=1 <2',
  // Built with plain `go install` it calls itself "git".
  acceptsUnversioned: true,
  version: { args: ['--version'], pattern: /Version\s*:\s*v?(\S+)/ },
  release: {
    repository: 'versity/versitygw',
    tag: `v${VERSION}`,
    checksums: 'checksums.txt',
    assets: {
      'linux-x64': `versitygw_v${VERSION}_Linux_x86_64.tar.gz`,
      'linux-arm64': `versitygw_v${VERSION}_Linux_arm64.tar.gz`,
      'darwin-x64': `versitygw_v${VERSION}_Darwin_x86_64.tar.gz`,
      'darwin-arm64': `versitygw_v${VERSION}_Darwin_arm64.tar.gz`,
    },
  },
  go: {
    module: 'github.com/versity/versitygw',
    version: `v${VERSION}`,
    commands: { versitygw: 'cmd/versitygw' },
    sets: { 'main.Version': VERSION },
    takes: 'one or two minutes',
  },
  hint: 'install versitygw from github.com/versity/versitygw/releases, or install Go and it is built for you.',
};
