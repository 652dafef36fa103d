import { Command, Option } from 'commander';
import { type GateDemands, type GateResult, judgeGate, unseen } from '../../../reports/gate/judge-gate.ts';
import { oneLine } from '../../../reports/text/one-line.ts';
import { parseDuration } from '../../model/duration.ts';
import { DrillError } from '../../model/error.ts';
import { doubtAbout } from '../doubt-about.ts';
import { type DrillOptions, withDrillOptions } from '../drill-options.ts';
import { installedVersionAt } from '../installed-version.ts';
import { duration } from '../numbers.ts';
import { type HistoryOptions, readHistory, withHistoryOptions } from '../open-history.ts';
import { SUBSTRATES } from '../open-substrate.ts';
import { runAndPublish } from '../run-and-publish.ts';

const REASON_LONGEST = 500;
/** What a run of now would mend; the rest would be the same after it. */
const MENDED_BY_A_RUN: ReadonlySet<string> = new Set(['run-too-old', 'no-run', 'history-torn']);

interface Options extends HistoryOptions {
  readonly drill: string;
  readonly on?: DrillOptions['on'];
  readonly maxAge: string;
  readonly rto?: string;
  readonly rpo?: string;
  readonly installedVersion?: string;
  readonly installedUrl?: string;
  readonly toVersion?: string;
  readonly run?: boolean;
  readonly config?: string;
  readonly json?: boolean;
}

/** `drill gate`. */
export function gateCommand(): Command {
  const command = new Command('gate')
    .description('end with 0 only if the last run of a drill passed, is fresh and met its objectives; otherwise with 1')
    .requiredOption('--drill <name>', 'the drill whose last run counts')
    .addOption(new Option('--on <substrate>', 'only runs there count').choices(SUBSTRATES))
    .option('--max-age <duration>', 'maximum age of the last run', duration, '24h')
    .option('--rto <duration>', 'maximum overall RTO', duration)
    .option('--rpo <duration>', 'maximum overall RPO', duration)
    .option('--installed-version <version>', 'what is installed now: the run must have tested it')
    .option('--installed-url <url>', 'the server to ask for its version instead, such as http://photos:2283')
    .option('--to-version <version>', 'what it is to be upgraded to')
    .option('--run', 'run the drill first when its last run is too old or there is none')
    .option('--config <file>', 'with --run: the file that describes your own backups to drill')
    .option('--json', 'print what was looked at as JSON on stdout');
  return withHistoryOptions(command).action(async (options: Options) => {
    process.exitCode = await gate(options);
  });
}

async function gate(options: Options): Promise<number> {
  const look = async () => await looked(options);
  let result = await look();
  if (!result.open && options.run && MENDED_BY_A_RUN.has(result.code)) {
    process.stderr.write(`${lineOf(result)}\nRunning ${options.drill} now.\n`);
    const { problems } = await runAndPublish(options.drill, runOptions(options));
    for (const problem of problems) process.stderr.write(`${oneLine(problem)}\n`);
    result = await look();
  }
  process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : `${lineOf(result)}\n`);
  return result.open ? 0 : 1;
}

/** Whatever cannot be looked at keeps the gate shut; only a call that makes no sense is an error. */
async function looked(options: Options): Promise<GateResult> {
  try {
    const history = await readHistory(options);
    const demands = await demandsOf(options);
    const doubt = doubtAbout(history.entries, demands);
    return judgeGate(history, { ...demands, ...(doubt && { doubt }) }, new Date());
  } catch (error) {
    if (error instanceof DrillError && error.blame === 'environment') return unseen(options.drill, error, new Date());
    throw error;
  }
}

async function demandsOf(options: Options): Promise<GateDemands> {
  const { drill, on, maxAge, rto, rpo, installedUrl, toVersion } = options;
  const installedVersion =
    options.installedVersion ?? (installedUrl === undefined ? undefined : await installedVersionAt(installedUrl));
  return {
    drill,
    maxAgeSeconds: parseDuration(maxAge) ?? 0,
    ...(on && { substrate: on }),
    ...(rto !== undefined && { rtoSeconds: parseDuration(rto) ?? 0 }),
    ...(rpo !== undefined && { rpoSeconds: parseDuration(rpo) ?? 0 }),
    ...(installedVersion !== undefined && { installedVersion }),
    ...(toVersion !== undefined && { toVersion }),
  };
}

/** The drill as it is: with options that change it, it would prove something else. */
function runOptions({ on, history, config }: Options) {
  const defaults = withDrillOptions(new Command()).opts<DrillOptions>();
  return {
    ...defaults,
    on: on ?? defaults.on,
    keep: 'never' as const,
    ...(history !== undefined && { history }),
    ...(config !== undefined && { config }),
  };
}

function lineOf({ open, reason }: GateResult): string {
  return oneLine(`${open ? 'OPEN' : 'CLOSED'}: ${reason}`, REASON_LONGEST);
}
