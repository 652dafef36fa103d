import { execa } from 'execa';
import { expect, it } from 'vitest';

const INTERRUPT = new URL('./interrupt.ts', import.meta.url).href;

/** A program that has been interrupted and never gets done with what it disposes of. */
function endless(leaveBudgetMs: number) {
  const text = `import { onInterrupt } from '${INTERRUPT}'; onInterrupt(${leaveBudgetMs}); setInterval(() => {}, 1000); console.log('on');`;
  return execa(process.execPath, ['--input-type=module', '--eval', text], { reject: false });
}

it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'after %s a dispose that hangs does not keep the command',
  async (signal) => {
    const program = endless(100);
    for await (const _ of program) program.kill(signal);
    expect(await program).toMatchObject({ exitCode: 130, stderr: expect.stringMatching(/Stopping/) });
  },
);

it('a second signal leaves at once', async () => {
  const program = endless(600_000);
  program.stderr.once('data', () => program.kill('SIGINT'));
  for await (const _ of program) program.kill('SIGINT');
  expect((await program).exitCode).toBe(130);
});
