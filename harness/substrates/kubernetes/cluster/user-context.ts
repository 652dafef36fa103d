import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ran, runProgram } from '../../../machine/tools/toolbox/run-program.ts';
import { DrillError } from '../../../model/error.ts';

const BUDGET_MS = 20_000;

/** Which cluster of the user is meant. */
export interface UserContext {
  /** A file; otherwise what kubectl itself would take. */
  readonly kubeconfig?: string;
  /** The current one of that file when it is left out. */
  readonly context?: string;
}

/** A context of the user, by itself in a file of the run, so that nothing else of the kubeconfig can be meant. */
export interface ChosenContext {
  readonly context: string;
  readonly kubeconfig: string;
}

/** Takes one context out of the kubeconfig of the user, which stays as it is. Nothing is asked of the cluster. */
export async function chooseContext(kubectl: string, wanted: UserContext, workFolder: string): Promise<ChosenContext> {
  const ask = async (...args: string[]) => await runKubectl(kubectl, wanted, workFolder, args);
  const named = wanted.context ?? (await ask('config', 'current-context')).stdout.trim();
  const seen = await ask('config', 'view', '--raw', '--minify', '--flatten', '--context', named);
  if (named === '' || !seen.ok) {
    const { stdout } = await ask('config', 'get-contexts', '--output', 'name');
    throw unknownContext(named, stdout.split('\n').filter(Boolean), seen.tail);
  }
  const kubeconfig = join(workFolder, 'kubeconfig');
  await writeFile(kubeconfig, seen.stdout, { mode: 0o600 });
  return { context: named, kubeconfig };
}

async function runKubectl(
  kubectl: string,
  { kubeconfig }: UserContext,
  cwd: string,
  args: readonly string[],
): Promise<Ran> {
  const file = kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig];
  return await runProgram(kubectl, [...file, ...args], { env: userEnvironment(), cwd, budgetMs: BUDGET_MS });
}

/** What clients of the user's cluster get: programs that log in for them need the user's own environment. */
export function userEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function unknownContext(named: string, known: readonly string[], tail: string): DrillError {
  return new DrillError({
    code: 'context-unknown',
    where: 'substrate/cluster',
    what:
      named === '' ? 'No context is named, and the kubeconfig has no current one.' : `There is no context "${named}".`,
    next:
      known.length > 0
        ? `choose one of: ${known.join(', ')} (--context).`
        : 'name a kubeconfig that has one (--kubeconfig).',
    blame: 'usage',
    tail,
  });
}
