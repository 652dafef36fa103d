import { execa } from 'execa';
import { type ExecCall, execArguments } from './volume-agent-session.ts';

/** What a script in a pod prints, as it comes; what it said is in the error when it did not end well. */
export async function* streamScript(
  call: ExecCall,
  script: string,
  failed: (why: string) => Error,
): AsyncGenerator<Uint8Array> {
  const child = execa(call.kubectl, execArguments(call, script, false), {
    env: { ...call.env },
    extendEnv: false,
    cwd: call.cwd,
    stdin: 'ignore',
    buffer: { stdout: false },
    reject: false,
    encoding: 'buffer',
  });
  try {
    yield* child.stdout;
    const { exitCode, stderr } = await child;
    if (exitCode !== 0) throw failed(Buffer.from(stderr).toString('utf8'));
  } finally {
    child.kill('SIGKILL');
    await child;
  }
}
