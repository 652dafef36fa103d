import type { ToolDefinition } from './toolbox/definition.ts';

/** Small programs over the kernel's means: others of these names, such as BusyBox's, take fewer options. */
export const tool: ToolDefinition = {
  name: 'util-linux',
  programs: ['setpriv', 'prlimit'],
  purpose: 'takes privileges and limits from what runs in a sandbox',
  accepts: '>=2.33 <3',
  version: { args: ['--version'], pattern: /from util-linux (\d+(?:\.\d+)+)/ },
  debianPackages: ['util-linux'],
  hint: 'install util-linux (`apt-get install util-linux`, `apk add setpriv util-linux-misc`).',
};
