import type { ToolDefinition } from './toolbox/definition.ts';

/** Perl with its core modules: Debian and most others have it from the start. */
export const tool: ToolDefinition = {
  name: 'perl',
  programs: ['perl'],
  purpose: 'runs the stand-in for a server whose image cannot be had',
  accepts: '>=5.20 <6',
  version: { args: ['-v'], pattern: /\(v(\d+(?:\.\d+)+)\)/ },
  hint: 'install perl (`apt-get install perl`, `apk add perl`).',
};
