/** How messages of Postgres and its tools begin; anything else after a cut one still belongs to that. */
const BEGINS =
  /^(psql|pg_\w+|createdb|DEBUG|INFO|NOTICE|LOG|WARNING|ERROR|FATAL|PANIC|HINT|DETAIL|CONTEXT|LINE \d+|QUERY|STATEMENT|LOCATION|SCHEMA NAME|TABLE NAME|COLUMN NAME|CONSTRAINT NAME|DATATYPE NAME|Command was|\d{4}-\d\d-\d\d |[$=] )/;

const LEFT_OUT = '(left out: it can hold rows)';

/** What comes before the row, and is of use; the rest can be anything that a table holds. */
const CUTS: readonly { readonly at: RegExp; readonly keep: RegExp }[] = [
  { at: /\bCONTEXT: {1,2}/, keep: /^.*?\bCONTEXT: {1,2}(COPY \S+, line \d+(, column \S+?)?(?=[:,]|$))?/ },
  { at: /\bDETAIL: {1,2}/, keep: /^.*?\bDETAIL: {1,2}(Key \([^)]*\)(?==))?/ },
  { at: /\b(STATEMENT|QUERY): {1,2}/, keep: /^.*?\b(STATEMENT|QUERY): {1,2}/ },
  { at: /\bLINE \d+: /, keep: /^.*?\bLINE \d+: / },
  { at: /\bCommand was: /, keep: /^.*?\bCommand was: (ALTER|CREATE|COPY|INSERT INTO) ?([A-Z]+ )?\S{0,80}/ },
  { at: /\binvalid input (syntax|value)\b.*: "/, keep: /^.*?\binvalid input (syntax|value)[^:"]*("\w+")?(?=: ")/ },
  { at: /\bat or near "/, keep: /^.*?\bat or near(?= ")/ },
  { at: /\bout of range(?=: ")|"[^"]*" is out of range/, keep: /^.*?\b(ERROR|FATAL): {1,2}(value)?/ },
];

/**
 * Takes lines of Postgres, of its servers and of its tools, and gives them without the rows that they quote: where an
 * error happened stays, what stood there goes. One for each stream, as a row may go over several lines.
 */
export function withoutRows(): (line: string) => string | undefined {
  let isInside = false;
  return (line) => {
    const cut = CUTS.find(({ at }) => at.test(line));
    if (cut) {
      isInside = true;
      return `${(cut.keep.exec(line)?.[0] ?? '').trimEnd()} ${LEFT_OUT}`.trimStart();
    }
    if (isInside && !BEGINS.test(line)) return undefined;
    isInside = false;
    return line;
  };
}
