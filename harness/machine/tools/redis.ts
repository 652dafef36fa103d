import type { ToolDefinition } from './toolbox/definition.ts';

/** The Redis server and its client; Valkey answers to the same names on some systems. */
export const tool: ToolDefinition = {
  name: 'redis',
  programs: ['redis-server', 'redis-cli'],
  purpose: 'runs and backs up Redis databases',
  accepts: '>=6',
  version: { args: ['--version'], pattern: /(?:server v=|-cli )(\d+(?:\.\d+)+)/ },
  debianPackages: ['redis-server', 'redis-tools'],
  hint: 'install Redis (`apt-get install redis-server`, `brew install redis`), or start Docker.',
};
