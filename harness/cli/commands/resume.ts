import { Command } from 'commander';
import { resumableRun } from '../resumable-run.ts';
import type { RunAndPublishOptions } from '../run-and-publish.ts';
import { findRun } from '../run-store.ts';
import { runAndSay } from './run.ts';

interface Options {
  readonly json?: boolean;
}

/** `drill resume <run>`. */
export function resumeCommand(): Command {
  return new Command('resume')
    .description('go on with a run in batches (drill run --max-disk) that was killed or interrupted')
    .argument('<run>', 'its id, or a beginning or end of it, see drill runs')
    .option('--json', 'print the result as JSON on stdout')
    .addHelpText(
      'after',
      `
Batches whose evidence is on the disk are taken over, the one that was cut and those after it are restored, and the
database is restored again: nothing is verified twice, and nothing left out. It is a run of its own with the options of
the first. The very same backup must still be there; if it is not, the run says what has changed and verifies nothing.
A finished run, one that still runs, one without --max-disk and one whose configuration is gone are refused with 64.`,
    )
    .action(async (name: string, { json }: Options) => {
      const resumes = resumableRun(findRun(name));
      // As the command line had given them; how to print what comes of it is asked for anew.
      const asked = resumes.asked as unknown as RunAndPublishOptions & { readonly name: string };
      process.exitCode = await runAndSay(asked.name, { ...asked, resumes, json: json === true });
    });
}
