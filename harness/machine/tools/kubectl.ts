import type { ToolDefinition } from './toolbox/definition.ts';

/** The Kubernetes command line: for streams into and out of pods, where the client library may lose an end. */
export const tool: ToolDefinition = {
  name: 'kubectl',
  programs: ['kubectl'],
  purpose: 'streams files into and out of pods',
  accepts: '>=1.28 <2',
  version: { args: ['version', '--client'], pattern: /Client Version: v(\d+(?:\.\d+)+)/ },
  hint: 'install kubectl (kubernetes.io/docs/tasks/tools, `brew install kubectl`).',
};
