import type { ToolDefinition } from './toolbox/definition.ts';

/** Fast compression. */
export const tool: ToolDefinition = {
  name: 'zstd',
  programs: ['zstd'],
  purpose: 'compresses dumps and archives',
  accepts: '>=1.3',
  version: { args: ['--version'], pattern: /v(\d+(?:\.\d+)+)/ },
  debianPackages: ['zstd'],
  hint: 'install zstd (`apt-get install zstd`, `brew install zstd`), or use gzip instead.',
};
