import { Command, Option } from 'commander';
import { renderJson } from '../../../reports/json.ts';
import { oneLine } from '../../../reports/text/one-line.ts';
import type { Keep } from '../../engine/engine.ts';
import { type DrillOptions, withDrillOptions } from '../drill-options.ts';
import { sizeInBytes, wholeNumber } from '../numbers.ts';
import { HISTORY_HELP } from '../open-history.ts';
import { type RunAndPublishOptions, runAndPublish } from '../run-and-publish.ts';
import { type StoreChoice, storeChoice } from '../store-option.ts';
import { renderSummary } from '../summary.ts';

const PROBLEM_LONGEST = 4_000;

interface Options extends DrillOptions {
  readonly keep: Keep;
  readonly s3?: StoreChoice;
  readonly json?: boolean;
  readonly history?: string;
  readonly config?: string;
  readonly maxDisk?: number;
  readonly batchFiles?: number;
  readonly acceptDrops?: boolean;
}

/** `drill run <name>`. */
export function runCommand(): Command {
  const command = new Command('run').description('run a drill').argument('<drill>', 'drill name (see `drill list`)');
  return withDrillOptions(command)
    .option(
      '--s3 <server>',
      'versitygw or minio, started for the run, or the address of one that is there, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
      storeChoice,
    )
    .addOption(
      new Option('--keep <when>', 'keep what was restored for a look inside')
        .choices(['never', 'on-failure', 'always'])
        .default('never'),
    )
    .option('--config <file>', 'drill your own backups, as the file describes them')
    .option(
      '--max-disk <size>',
      'with --config: how much to have on the disk at once, such as 20GiB; the library comes and goes in batches',
      sizeInBytes,
    )
    .option('--batch-files <n>', 'how many files a batch has at most (20000)', wholeNumber(1))
    .option(
      '--accept-drops',
      'with --config: take what there is now for right, however much less it is than in the last run that passed',
    )
    .option('--json', 'print the result as JSON on stdout')
    .option('--history <place>', HISTORY_HELP)
    .action(async (name: string, options: Options) => {
      process.exitCode = await runAndSay(name, options);
    });
}

/** Runs a drill as the options say, prints what came of it, and gives the exit code. */
export async function runAndSay(name: string, options: RunAndPublishOptions & { json?: boolean }): Promise<number> {
  const { result, problems } = await runAndPublish(name, options);
  const { stdout } = process;
  if (options.json) stdout.write(renderJson(result));
  else
    stdout.write(
      `\n${renderSummary(result, { color: stdout.isTTY && stdout.hasColors(), columns: stdout.columns ?? 100 })}\n`,
    );
  for (const problem of problems) process.stderr.write(`${oneLine(problem, PROBLEM_LONGEST)}\n`);
  return result.exitCode;
}
