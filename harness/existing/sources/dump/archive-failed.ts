import { DrillError } from '../../../model/error.ts';

const DENIED = /ERROR: {2}(?:permission denied|must be (?:owner|superuser|member))/;
/** Lines of pg_restore behind which values of rows may stand. */
const PLACES = [
  /^pg_restore: error: COPY failed for table "[^"]*"/,
  /^CONTEXT: {2}COPY [^,]+, line \d+(?:, column [^:]+)?/,
  /^pg_restore: from TOC entry \d+; \d+ \d+ [A-Z ]+/,
  /^pg_restore: error: could not (?:execute query|read from|find|open|uncompress|seek)[a-z ]*/,
  /^pg_restore: (?:error|fatal): (?:worker process failed|a worker process died|corrupt|unexpected end of file)[a-z ]*/,
  /ERROR: {2}(?:permission denied to [a-z ]+|must be superuser[a-z ]*|must be owner of [a-z ]+)/,
];

/** An error of pg_restore without what it quotes: statements, and values of rows. */
export function archiveFailed(error: DrillError): DrillError {
  const tail = withoutRows(error.tail);
  const denied = DENIED.test(error.tail) && error.blame === 'backup';
  const { code, where, blame } = error;
  return new DrillError({
    code: denied ? 'load-refused' : code,
    where,
    what: denied
      ? 'The archive could not be restored whole: it does what only a superuser may do, and it is restored by a role that is none.'
      : error.what,
    next: error.next,
    blame: denied ? 'environment' : blame,
    tail,
  });
}

/** The lines of pg_restore as far as they tell where something happened. */
export function withoutRows(tail: string): string {
  const places = tail.split('\n').flatMap((line) => {
    const pattern = PLACES.find((one) => one.test(line));
    return pattern ? [pattern.exec(line)?.[0] ?? ''] : [];
  });
  return places.join('\n');
}
