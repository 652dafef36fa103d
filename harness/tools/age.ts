import type { ToolDefinition } from './toolbox/definition.ts';

const VERSION = 'v1.3.2';

/** Encryption of files. Its releases come without published checksums, so they are not downloaded. */
export const tool: ToolDefinition = {
  name: 'age',
  programs: ['age', 'age-keygen'],
  purpose: 'encrypts config and secrets',
  accepts: '>=1 <2',
  // Built from a working copy it calls itself "(devel)" or "(unknown)".
  acceptsUnversioned: true,
  version: { args: ['--version'], pattern: /^v?(\S+)/ },
  go: {
    module: 'filippo.io/age',
    version: VERSION,
    commands: { age: 'cmd/age', 'age-keygen': 'cmd/age-keygen' },
    sets: { 'main.Version': VERSION },
    takes: 'some seconds',
  },
  debianPackages: ['age'],
  hint: 'install age (`apt-get install age`, `brew install age`), or use gpg instead.',
};
