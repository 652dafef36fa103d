import { Command, Option } from 'commander';
import { formatSeconds } from '../../../reports/digest/quantities.ts';
import { renderJson } from '../../../reports/json.ts';
import type { RunResult } from '../../model/result.ts';
import { type DrillOptions, withDrillOptions } from '../drill-options.ts';
import { SUBSTRATES, type SubstrateName } from '../open-substrate.ts';
import { runAndPublish } from '../run-and-publish.ts';

interface Options {
  readonly config: string;
  readonly asset?: string;
  readonly on: SubstrateName;
  readonly json?: boolean;
}

/** `drill file <name>`. */
export function fileCommand(): Command {
  return new Command('file')
    .description('get one photo back from your own backups, and say how long that takes')
    .argument('<drill>', 'its name in the configuration')
    .requiredOption('--config <file>', 'the file that describes the backups')
    .addOption(new Option('--asset <id>', 'the asset, by its id').conflicts('random'))
    .option('--random', 'any asset, chosen by chance (the default)')
    .addOption(new Option('--on <substrate>', 'where to restore it').choices(SUBSTRATES).default('local'))
    .option('--json', 'print the result as JSON on stdout')
    .action(async (name: string, options: Options) => {
      process.exitCode = await getBack(name, options);
    });
}

async function getBack(name: string, { config, asset, on, json }: Options): Promise<number> {
  const defaults = withDrillOptions(new Command()).opts<DrillOptions>();
  const { result, problems } = await runAndPublish(name, {
    ...defaults,
    ...{ on, config, keep: 'never' },
    asset: asset === undefined ? {} : { id: asset },
  });
  process.stdout.write(json ? renderJson(result) : `\n${linesOf(result).join('\n')}\n`);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return result.exitCode;
}

const ANSWERS = { pass: 'YES', fail: 'NO', unknown: 'UNKNOWN' } as const;

/** The answer in a few lines: yes or no, how long, and why not. */
function linesOf({ verdict, facts, rto, failures, checks, run }: RunResult): string[] {
  const { asset = 'no asset was looked up', path } = facts;
  const { library, database } = rto.components;
  const wrong = checks.flatMap(({ findings }) => findings);
  return [
    `${ANSWERS[verdict]}  ${asset}${path === undefined ? '' : `, ${path}`}`,
    ...(verdict === 'pass' ? [`     came back with the SHA-1 of its row, ${facts['SHA-1 of its row']}`] : []),
    ...failures.map(({ message }) => `     ${message}`),
    ...wrong.map(({ subject, expected, actual }) => `     ${subject}: expected ${expected}, found ${actual}`),
    `     the file itself took ${formatSeconds(library?.seconds)}; to look it up, the database was restored in ${formatSeconds(database?.seconds)}`,
    `     Evidence: ${run.folder}`,
  ];
}
