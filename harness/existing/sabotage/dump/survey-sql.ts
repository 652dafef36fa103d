import { DrillError } from '../../../model/error.ts';

/** The statements of a dump that can be taken out one by one. */
export const STATEMENTS = ['index', 'primary-key', 'foreign-key', 'trigger'] as const;
export type Statement = (typeof STATEMENTS)[number];

/** What is in a dump of SQL. */
export interface DumpSurvey {
  /** Rows by table, as the dump writes its name: `public.asset`. */
  readonly rows: ReadonlyMap<string, number>;
  readonly statements: Readonly<Record<Statement, number>>;
}

const MOST_TABLES = 2_000;

/**
 * Counts the rows of every table, and the statements of each sort; what follows the size that is allowed is not read. A line
 * of data is never taken for a statement.
 */
const AWK = String.raw`
{ bytes += length($0) + 1 }
copying { if ($0 == "\\.") { print "rows", n, table; copying = 0 } else n++; next }
/^COPY .* FROM stdin;$/ { table = $2; n = 0; copying = 1; next }
/^CREATE (UNIQUE )?INDEX / { index_++ }
/^CREATE (CONSTRAINT )?TRIGGER / { trigger++ }
/^    ADD CONSTRAINT .* PRIMARY KEY / { primary++ }
/^    ADD CONSTRAINT .* FOREIGN KEY / { foreign++ }
END { print "index", index_ + 0; print "trigger", trigger + 0; print "primary-key", primary + 0; print "foreign-key", foreign + 0; print "bytes", bytes }`;

/** Reads a dump, packed or not, without writing anything: the dump, its format, the bytes allowed. */
export const SURVEY = `open() { if [ "$2" = gzip ]; then gzip --decompress --stdout "$1"; else cat "$1"; fi; }
open "$1" "$2" | head -c "$3" | LC_ALL=C awk '${AWK}'`;

/** What the survey wrote; a dump that is larger than it may be once it is unpacked is refused. */
export function readSurvey(text: string, maxBytes: number): DumpSurvey {
  const lines = text.trim().split('\n').slice(-MOST_TABLES);
  const numberOf = (name: string) => Number(lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1] ?? 0);
  // What was cut at the limit has one byte more, from the line that awk ends.
  if (numberOf('bytes') >= maxBytes)
    throw new DrillError({
      code: 'copy-too-large',
      where: 'sabotage',
      what: `The dump unpacks to more than the ${maxBytes} bytes that a copy may have.`,
      next: 'give it a larger --max-size, if there is that much room in DRILL_WORK.',
      blame: 'usage',
    });
  const rows = lines.flatMap((line) => {
    const [, count, table] = /^rows (\d+) (.+)$/.exec(line) ?? [];
    return table === undefined ? [] : [[table, Number(count)] as const];
  });
  const statements = Object.fromEntries(STATEMENTS.map((name) => [name, numberOf(name)]));
  return { rows: new Map(rows), statements: statements as Record<Statement, number> };
}
