import type { ToolDefinition } from './toolbox/definition.ts';

/** Encryption of files, found on most machines. */
export const tool: ToolDefinition = {
  name: 'gpg',
  programs: ['gpg'],
  purpose: 'encrypts config and secrets',
  accepts: '>=2.2',
  version: { args: ['--version'], pattern: /gpg \(GnuPG[^)]*\) (\d+(?:\.\d+)+)/ },
  hint: 'install GnuPG (`apt-get install gpg gpg-agent`, `brew install gnupg`), or use age instead.',
};
