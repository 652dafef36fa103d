import type { ToolDefinition } from './toolbox/definition.ts';

/** GNU tar: others leave out owners, long names or sparse files in ways of their own. */
export const tool: ToolDefinition = {
  name: 'tar',
  programs: ['tar'],
  purpose: 'packs folders into one file',
  accepts: '>=1.28',
  version: { args: ['--version'], pattern: /\(GNU tar\) (\d+(?:\.\d+)+)/ },
  hint: 'install GNU tar (`apt-get install tar`, `apk add tar`, `brew install gnu-tar` and put its gnubin folder on PATH).',
};
