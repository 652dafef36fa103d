import type { ToolDefinition } from './toolbox/definition.ts';

/** The compression that every machine can undo. */
export const tool: ToolDefinition = {
  name: 'gzip',
  programs: ['gzip'],
  purpose: 'compresses dumps and archives',
  accepts: '>=1.5',
  version: { args: ['--version'], pattern: /gzip (\d+(?:\.\d+)*)/ },
  hint: 'install gzip (`apt-get install gzip`, `apk add gzip`).',
};
