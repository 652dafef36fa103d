import type { ToolDefinition } from './toolbox/definition.ts';

/** The client of a Docker daemon: whether the daemon answers, only a call of it tells. */
export const tool: ToolDefinition = {
  name: 'docker',
  programs: ['docker'],
  purpose: 'runs Postgres and Kubernetes clusters in containers',
  accepts: '>=20.10',
  version: { args: ['--version'], pattern: /Docker version (\d+(?:\.\d+)+)/ },
  hint: 'install Docker (docs.docker.com/engine/install) and start its daemon.',
};
