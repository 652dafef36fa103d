import { tmpdir } from 'node:os';
import type { Docker } from '../../../../machine/docker/docker.ts';
import { RUN_VARIABLE } from '../../../../machine/processes/process-table.ts';
import type { Environment } from '../../../../machine/tools/toolbox/environment.ts';
import { type Ran, runProgram } from '../../../../machine/tools/toolbox/run-program.ts';

const NETWORK_VARIABLE = 'KIND_EXPERIMENTAL_DOCKER_NETWORK';

/** The kind program, for one cluster. */
export interface KindProgram {
  readonly docker: Docker;
  /** The absolute path of kind. */
  readonly command: string;
  readonly cluster: string;
  /** Whose cluster it is: so that `drill gc` ends a kind that outlives a killed harness. */
  readonly runId?: string;
  /** The Docker network that its node is in. */
  readonly network: string;
}

/** Runs kind to its end; that it failed is told and not thrown. The clusters of a run have a Docker network of their own. */
export async function runKind(
  { docker, command, network, runId }: KindProgram,
  args: readonly string[],
  { budgetMs, signal }: { budgetMs: number; signal?: AbortSignal },
): Promise<Ran> {
  const env: Environment = process.env;
  return await runProgram(command, args, {
    // Proxies of the user are what a node pulls its images through.
    env: {
      ...docker.env,
      HOME: env.HOME ?? tmpdir(),
      ...proxies(env),
      [NETWORK_VARIABLE]: network,
      ...(runId !== undefined && { [RUN_VARIABLE]: runId }),
    },
    cwd: tmpdir(),
    budgetMs,
    signal,
  });
}

function proxies(env: Environment): Record<string, string> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name] ?? '']])));
}
