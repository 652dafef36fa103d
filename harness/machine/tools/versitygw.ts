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
    assets: {
      'linux-x64': {
        file: `versitygw_v${VERSION}_Linux_x86_64.tar.gz`,
        sha256: '2ba2c734d10d2c4e651d03182cb4b246656bc735a2f282db7b0b73fba6073467',
      },
      'linux-arm64': {
        file: `versitygw_v${VERSION}_Linux_arm64.tar.gz`,
        sha256: 'b34051d33f5a9c457f790896acb7bd7d7e15ad8d92efb70616b924f37e401910',
      },
      'darwin-x64': {
        file: `versitygw_v${VERSION}_Darwin_x86_64.tar.gz`,
        sha256: '104bd978e80ef0173554cfd8630ccc5bac24b00da440510b60365a3b6b6ab134',
      },
      'darwin-arm64': {
        file: `versitygw_v${VERSION}_Darwin_arm64.tar.gz`,
        sha256: '4953096f65a9c0d62ab184fb6b2ba7c2435229205cf00a56cb62cd4bf6b216ca',
      },
    },
  },
  go: {
    module: 'github.com/versity/versitygw',
    version: `v${VERSION}`,
    sums: new URL('./modules/versitygw/', import.meta.url),
    commands: { versitygw: 'cmd/versitygw' },
    sets: { 'main.Version': VERSION },
    takes: 'one or two minutes',
  },
  hint: 'install versitygw from github.com/versity/versitygw/releases, or install Go and it is built for you.',
};
