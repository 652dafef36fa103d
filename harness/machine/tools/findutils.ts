import type { ToolDefinition } from './toolbox/definition.ts';

/** GNU find and xargs. */
export const tool: ToolDefinition = {
  name: 'findutils',
  programs: ['find', 'xargs'],
  purpose: 'walks folders',
  accepts: '>=4.4',
  version: { args: ['--version'], pattern: /\(GNU findutils\) (\d+(?:\.\d+)+)/ },
  hint: 'install GNU findutils (`apt-get install findutils`, `apk add findutils`, `brew install findutils` and put its gnubin folder on PATH).',
};
