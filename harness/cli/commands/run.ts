import { Command, Option } from 'commander';
import { renderJson } from '../../../reports/json.ts';
import { type Keep, runDrill } from '../../run/engine.ts';
import { S3_SERVERS, type S3ServerName } from '../../services/s3-servers.ts';
import { type DrillOptions, drillWith, withDrillOptions } from '../drill-options.ts';
import { onInterrupt } from '../interrupt.ts';
import { openSubstrate } from '../open-substrate.ts';
import { openProgress } from '../progress.ts';
import { publish } from '../publish.ts';
import { runsFolder } from '../run-store.ts';
import { renderSummary } from '../summary.ts';

interface Options extends DrillOptions {
  readonly keep: Keep;
  readonly s3?: S3ServerName;
  readonly json?: boolean;
}

/** `drill run <name>`. */
export function runCommand(): Command {
  const command = new Command('run').description('run a drill').argument('<drill>', 'its name, see drill list');
  return withDrillOptions(command)
    .addOption(
      new Option('--s3 <server>', 'the S3 server to start; versitygw unless kind has an image of minio').choices(
        S3_SERVERS,
      ),
    )
    .addOption(
      new Option('--keep <when>', 'keep what was restored for a look inside')
        .choices(['never', 'on-failure', 'always'])
        .default('never'),
    )
    .option('--json', 'print the result as JSON on stdout')
    .action(async (name: string, options: Options) => {
      process.exitCode = await run(name, options);
    });
}

async function run(name: string, options: Options): Promise<number> {
  const drill = await drillWith(name, options);
  const interrupt = onInterrupt();
  const progress = openProgress();
  const { signal } = interrupt;
  const result = await runDrill(drill, {
    runsFolder: runsFolder(),
    keep: options.keep,
    signal,
    listener: progress,
    openSubstrate: openSubstrate({ on: options.on, s3: options.s3, onNote: (line) => progress.note(line) }),
  });
  await progress.over();
  interrupt.release();
  const problems = await publish(result);
  const { stdout } = process;
  if (options.json) stdout.write(renderJson(result));
  else
    stdout.write(
      `\n${renderSummary(result, { color: stdout.isTTY && stdout.hasColors(), columns: stdout.columns ?? 100 })}\n`,
    );
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return result.exitCode;
}
