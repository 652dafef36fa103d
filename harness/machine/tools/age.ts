import type { ToolDefinition } from './toolbox/definition.ts';

const VERSION = 'v1.3.2';

/** Encryption of files. */
export const tool: ToolDefinition = {
  name: 'age',
  programs: ['age', 'age-keygen'],
  purpose: 'encrypts config and secrets',
  accepts: '>=1 <2',
  // Built from a working copy it calls itself "(devel)" or "(unknown)".
  acceptsUnversioned: true,
  version: { args: ['--version'], pattern: /^v?(\S+)/ },
  release: {
    repository: 'FiloSottile/age',
    tag: VERSION,
    assets: {
      'linux-x64': {
        file: `age-${VERSION}-linux-amd64.tar.gz`,
        sha256: 'cbe24006683f8eb669266162894b9a522a1af52f2665fbc63a4bb032ed26ac10',
      },
      'linux-arm64': {
        file: `age-${VERSION}-linux-arm64.tar.gz`,
        sha256: '6b8dc4333c53a5a57c9e5834e3a48f92605d7154014cd07269ff3327db5d37f4',
      },
      'darwin-x64': {
        file: `age-${VERSION}-darwin-amd64.tar.gz`,
        sha256: '1d1e4bc66e1427edad7739ae7616157de0e79db8b6d2a1497d7d9925fb06a539',
      },
      'darwin-arm64': {
        file: `age-${VERSION}-darwin-arm64.tar.gz`,
        sha256: 'e2020b073c44f692685a24d6abc378817eb81ffaaf49fd0531ef8565f767f2f5',
      },
    },
  },
  go: {
    module: 'filippo.io/age',
    version: VERSION,
    sums: new URL('./modules/age/', import.meta.url),
    commands: { age: 'cmd/age', 'age-keygen': 'cmd/age-keygen' },
    sets: { 'main.Version': VERSION },
    takes: 'some seconds',
  },
  debianPackages: ['age'],
  hint: 'install age (`apt-get install age`, `brew install age`), or use gpg instead.',
};
