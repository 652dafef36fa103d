import { DrillError } from '../../../../model/error.ts';

const WHERE = 'source/pg-dump';
const SHOWN_CHARS = 80;

/** A name or keyword of a dump as messages may show it: short, and on one line. */
export function shown(text: string): string {
  const short = text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
  return JSON.stringify(short).slice(1, -1);
}

/** What stands in the dump makes no sense to Postgres either. */
export function broken(what: string, line: number): DrillError {
  return new DrillError({
    code: 'dump-broken',
    where: WHERE,
    what: `The dump cannot be read on at line ${line}: ${what}.`,
    next: 'look at the file there, and at what the backup said when it was made.',
    blame: 'backup',
  });
}

/** What the drill does not do for a dump, whoever made it: nothing is known of the backup then. */
export function refused(what: string, line: number, next: string): DrillError {
  return new DrillError({
    code: 'dump-refused',
    where: WHERE,
    what: `The dump was not restored because of its line ${line}: ${what}.`,
    next,
    blame: 'environment',
  });
}
