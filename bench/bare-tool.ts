import { execa } from 'execa';
import { secondsOf } from './seconds.ts';

/** Runs a program as anybody would, its output thrown away, and gives the seconds that it took. */
export async function bareSeconds(command: string, args: readonly string[], signal: AbortSignal): Promise<number> {
  return await secondsOf(async () => {
    await execa(command, [...args], { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe', cancelSignal: signal });
  });
}
