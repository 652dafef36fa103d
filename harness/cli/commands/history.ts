import { Command } from 'commander';
import { formatMany, formatMoment, formatSeconds } from '../../../reports/digest/quantities.ts';
import type { VerifiedHistory } from '../../../reports/history/verify.ts';
import { oneLine } from '../../../reports/text/one-line.ts';
import { alignColumns } from '../columns.ts';
import { wholeNumber } from '../numbers.ts';
import { type HistoryOptions, readHistory, withHistoryOptions } from '../open-history.ts';

const SHOWN = 20;
const RED_LONGEST = 60;
const EXIT: Readonly<Record<VerifiedHistory['state'], number>> = { whole: 0, empty: 0, tampered: 1, torn: 2 };

interface Options extends HistoryOptions {
  readonly last: number;
  readonly json?: boolean;
}

/** `drill history`. */
export function historyCommand(): Command {
  const command = new Command('history')
    .description('list the last runs of the history and verify its chain: 0 whole, 1 tampered with, 2 cut by a kill')
    .option('--last <n>', 'how many runs to list', wholeNumber(0), SHOWN)
    .option('--json', 'print all of it as JSON on stdout');
  return withHistoryOptions(command).action(async (options: Options) => {
    const history = await readHistory(options);
    process.stdout.write(options.json ? `${JSON.stringify(history, null, 2)}\n` : render(history, options.last));
    process.exitCode = EXIT[history.state];
  });
}

function render(history: VerifiedHistory, last: number): string {
  const rows = (last > 0 ? history.entries.slice(-last) : []).map((entry) =>
    [
      String(entry.seq),
      formatMoment(entry.run.endedAt),
      entry.drill,
      entry.substrate,
      entry.verdict.toUpperCase(),
      `RTO ${formatSeconds(entry.rto.seconds)}`,
      `RPO ${formatSeconds(entry.rpo.seconds)}`,
      entry.partial ? 'only a part' : oneLine(entry.red[0] ?? '', RED_LONGEST),
    ].map((cell) => oneLine(cell)),
  );
  return [...alignColumns(rows, new Set([0])), ...(rows.length > 0 ? [''] : []), ...stateLines(history), ''].join('\n');
}

/** What is to be said of the history itself. */
export function stateLines({ location, entries, state, problems, torn, signed }: VerifiedHistory): string[] {
  const records = formatMany(entries.length, 'record');
  const signatures =
    signed.entries === 0
      ? 'none is signed'
      : `${signed.entries} signed${signed.verified ? ' and verified' : ', not verified: name the key with --public-key'}`;
  const words = {
    whole: `${records}, hash chain intact; ${signatures}.`,
    empty: 'there are no runs in it yet.',
    torn: `${records}, and the end of one that was cut when its writer was killed.`,
    tampered: `${records}; it was TAMPERED WITH:`,
  };
  return [
    `${oneLine(location)}: ${words[state]}`,
    ...problems.map(({ line, what }) => `  ${line > 0 ? `line ${line}: ` : ''}${oneLine(what)}`),
    ...torn.map(
      ({ after, bytes, drill }) =>
        `  after record ${after}: ${bytes} bytes of a record${drill ? ` of ${oneLine(drill)}` : ''} that was cut by a kill`,
    ),
  ];
}
