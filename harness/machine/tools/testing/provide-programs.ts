import { openToolbox } from '../toolbox/toolbox.ts';

/** What most contract tests run. */
const PROGRAMS = ['versitygw', 'restic', 'rclone', 'age', 'redis-server', 'minio'];

/**
 * Before the contract tests: builds or downloads their programs, once a machine. A test that found one missing would build
 * it itself, for minutes that are taken for its own.
 */
export async function setup(): Promise<void> {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const toolbox = await openToolbox({ note: say });
  for (const program of PROGRAMS) {
    try {
      await toolbox.provide(program);
    } catch (error) {
      // Tests that need it say so themselves.
      say(`without ${program}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
