import { execa } from 'execa';

const TAIL_LINES = 20;

/** How a program of an installation ended, and its last lines. */
export interface Ran {
  readonly ok: boolean;
  readonly stdout: string;
  /** Standard output and errors, in the order in which they came. */
  readonly all: string;
  readonly tail: string;
}

/** Runs a program to its end; that it failed is told and not thrown. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: {
    readonly env: Readonly<Record<string, string>>;
    readonly cwd: string;
    readonly budgetMs: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Ran> {
  const result = await execa(command, args, {
    env: options.env,
    extendEnv: false,
    cwd: options.cwd,
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: options.budgetMs,
    ...(options.signal && { cancelSignal: options.signal }),
  });
  options.signal?.throwIfAborted();
  const said = result.all.trim().split('\n').slice(-TAIL_LINES);
  if (result.timedOut) said.push(`ended because it took longer than ${options.budgetMs / 1000} s`);
  else if (result.failed && result.exitCode === undefined)
    said.push(result.originalMessage ?? result.shortMessage ?? '');
  return { ok: !result.failed, stdout: result.stdout, all: result.all, tail: said.join('\n') };
}
