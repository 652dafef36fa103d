import type { ToolDefinition } from './toolbox/definition.ts';

/** Speaks HTTP, to the API of a cluster above all. */
export const tool: ToolDefinition = {
  name: 'curl',
  programs: ['curl'],
  purpose: 'reads and makes resources through the API of a cluster',
  accepts: '>=7.76 <9',
  version: { args: ['--version'], pattern: /^curl (\d+(?:\.\d+)+)/m },
  hint: 'install curl (`apt-get install curl`).',
};
