import type { ToolDefinition } from './toolbox/definition.ts';

/** Any POSIX shell. */
export const tool: ToolDefinition = {
  name: 'shell',
  programs: ['sh'],
  purpose: 'joins programs with pipes',
  accepts: '*',
  // Most shells do not tell a version: that it runs a script is all that is asked.
  acceptsUnversioned: true,
  version: { args: ['-c', 'echo POSIX'], pattern: /^(POSIX)$/ },
  hint: 'put a POSIX shell called `sh` on PATH.',
};
