import type { ToolDefinition } from './toolbox/definition.ts';

/** Changes JSON. */
export const tool: ToolDefinition = {
  name: 'jq',
  programs: ['jq'],
  purpose: 'takes out of exported resources what a cluster sets itself',
  accepts: '>=1.6 <2',
  version: { args: ['--version'], pattern: /jq-(\d+(?:\.\d+)+)/ },
  hint: 'install jq (`apt-get install jq`).',
};
