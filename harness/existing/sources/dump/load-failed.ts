import { DrillError } from '../../../model/error.ts';
import { shown } from './sql/dump-errors.ts';
import { wordsOf } from './sql/words-of.ts';

/** Which statement of a dump was being run. */
export interface Running {
  readonly text: string;
  /** The line of the dump that it begins on. */
  readonly line: number;
}

const IN_COPY = /^COPY (.+), line (\d+)(?:, column ([^:\n]+))?/m;
const HEAD_CHARS = 8_192;

/** What classes of SQLSTATE say, in our words: what the server says may quote rows. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/^22P04|^22P0/, 'a row or value is not in the form that it should have'],
  [/^22/, 'a value does not fit its column'],
  [/^23502/, 'a value is missing where there must be one'],
  [/^23503/, 'a row points to another that is not there'],
  [/^23505/, 'a value that must be unique is there twice'],
  [/^23/, 'rows break a constraint'],
  [/^42601/, 'the statement is no SQL that this server knows'],
  [/^42501/, 'only a superuser may do that, and dumps are restored by a role that is none'],
  [/^42P07|^42710|^42723|^42P06/, 'what it makes is there already'],
  [/^42P01|^42703|^42704|^42883|^3F000/, 'it needs something that is not there'],
  [/^42/, 'the server does not take it'],
  [/^53100/, 'there is no space left on the disk'],
  [/^53|^54/, 'it takes more than the server has'],
  [/^57/, 'the server ended it'],
  [/^0A/, 'the server cannot do that'],
];
/** What says nothing of the backup: what is lacking here, and what only a superuser may do. */
const OF_ENVIRONMENT = /^(?:0A|08|25|42501|53|54|55|57|58|XX|F0)/;

/** The error of a statement that the server did not take: its kind and place, and never what stood in it. */
export function loadFailed(error: unknown, { text, line }: Running): unknown {
  if (error instanceof DrillError) return error;
  const { code, where, table, constraint } = error as Partial<Record<string, unknown>>;
  const state = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
  const [, copied, row, column] = IN_COPY.exec(typeof where === 'string' ? where : '') ?? [];
  const place = copied
    ? `in the rows of ${shown(copied)}, row ${row}${column ? `, column ${shown(column)}` : ''}, line ${line + Number(row)} of the dump`
    : `at line ${line} of the dump, ${kindOf(text)}`;
  const about = [table, constraint].filter((name) => typeof name === 'string').map((name) => shown(String(name)));
  const meaning = state ? MEANINGS.find(([pattern]) => pattern.test(state))?.[1] : 'the connection to the server broke';
  const isOurs = state === undefined || OF_ENVIRONMENT.test(state);
  return new DrillError({
    code: state === '53100' ? 'disk-full' : 'load-failed',
    where: 'source/pg-dump',
    what: `The dump could not be loaded ${place}: ${meaning ?? 'the server did not take it'}${about.length > 0 ? ` (${about.join(', ')})` : ''}${state ? `, SQLSTATE ${state}` : ''}.`,
    next: isOurs
      ? 'look at the dump there; the logs of the run tell whether the server had trouble. Nothing is known of the backup.'
      : 'look at the dump there: the backup is damaged, or was made of a database that was.',
    blame: isOurs ? 'environment' : 'backup',
  });
}

/** What a statement does and to what: its first words, none of which is data. */
function kindOf(text: string): string {
  const [verb, what] = wordsOf(text.slice(0, HEAD_CHARS), 2);
  const names = [verb, what].filter((word) => word && !word.isQuoted && /^\w+$/.test(word.text));
  return names.map((word) => shown(word?.text ?? '').toUpperCase()).join(' ');
}
