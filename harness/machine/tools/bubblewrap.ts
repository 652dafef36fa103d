import type { ToolDefinition } from './toolbox/definition.ts';

/** Sandboxes out of user namespaces, also for accounts without privileges. */
export const tool: ToolDefinition = {
  name: 'bubblewrap',
  programs: ['bwrap'],
  purpose: 'runs what comes out of a backup in a sandbox',
  accepts: '>=0.4',
  version: { args: ['--version'], pattern: /^bubblewrap (\d+(?:\.\d+)+)/m },
  debianPackages: ['bubblewrap'],
  hint: 'install bubblewrap (`apt-get install bubblewrap`, `apk add bubblewrap`).',
};
