import { Command, Option } from 'commander';
import { renderJson } from '../../../reports/json.ts';
import { parseDuration } from '../../model/duration.ts';
import { type ClusterOptions, withClusterOptions } from '../cluster-options.ts';
import { type DrillOptions, withDrillOptions } from '../drill-options.ts';
import { duration } from '../numbers.ts';
import { HISTORY_HELP } from '../open-history.ts';
import { SUBSTRATES, type SubstrateName } from '../open-substrate.ts';
import { runAndPublish } from '../run-and-publish.ts';
import { renderSummary } from '../summary.ts';

const MS = 1_000;

interface Options extends ClusterOptions {
  readonly config: string;
  readonly to: string;
  readonly on: SubstrateName;
  readonly timeout: string;
  readonly history?: string;
  readonly json?: boolean;
}

/** `drill rehearse-upgrade <name>`. */
export function rehearseUpgradeCommand(): Command {
  const command = new Command('rehearse-upgrade')
    .description('restore your own backups, start a newer version on them, and compare what it has kept')
    .argument('<drill>', 'its name in the configuration')
    .requiredOption('--config <file>', 'the file that describes the backups')
    .requiredOption('--to <image>', 'the image of the newer server, by its full name with a tag')
    .addOption(
      new Option('--on <substrate>', 'where to do so; local starts the image in Docker')
        .choices(SUBSTRATES)
        .default('local'),
    )
    .option('--timeout <duration>', 'how long the newer version may take until it serves', duration, '10m')
    .option('--json', 'print the result as JSON on stdout')
    .option('--history <place>', HISTORY_HELP);
  return withClusterOptions(command).action(async (name: string, options: Options) => {
    process.exitCode = await rehearse(name, options);
  });
}

async function rehearse(name: string, { to, timeout, json, ...options }: Options): Promise<number> {
  const defaults = withDrillOptions(new Command()).opts<DrillOptions>();
  const { result, problems } = await runAndPublish(name, {
    ...defaults,
    ...options,
    keep: 'never',
    upgrade: { image: to, budgetMs: (parseDuration(timeout) ?? 0) * MS },
  });
  const { stdout } = process;
  const look = { color: stdout.isTTY && stdout.hasColors(), columns: stdout.columns ?? 100 };
  stdout.write(json ? renderJson(result) : `\n${renderSummary(result, look)}\n`);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return result.exitCode;
}
