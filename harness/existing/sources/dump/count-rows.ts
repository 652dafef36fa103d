import { type DumpPart, DumpReader } from './sql/dump-reader.ts';
import { readPsqlCommand } from './sql/psql-command.ts';
import { shapeOf, wordsOf } from './sql/words-of.ts';

const LF = 10;
const HEAD_CHARS = 8_192;
/** `COPY schema.table (` or `COPY table FROM`. */
const HEAD_WORDS = 6;
const END = /^-- PostgreSQL database (?:cluster )?dump complete\s*$/;

interface Section {
  tables: number;
  readonly rows: Map<string, number>;
  /** Rows of them are no lines of a COPY, and were not counted. */
  readonly inserted: Set<string>;
}

/** How many rows the tables of a dump of SQL have, by the lines of its COPYs; of several databases in it, those of the one of that name or of the fullest. */
export async function countRows(
  pieces: AsyncIterable<Buffer>,
  preferred: string,
): Promise<Readonly<Record<string, number>>> {
  const sections = new Map<string, Section>();
  let section = sectionOf(sections, '');
  let isWhole = false;
  for await (const part of new DumpReader(pieces).parts()) {
    if (part.kind === 'command') {
      const { connect } = readPsqlCommand(part.text, part.line);
      if (connect !== undefined) section = sectionOf(sections, connect);
    } else if (part.kind === 'copy') await countCopy(part, section);
    else if (part.kind === 'comment') isWhole ||= END.test(part.text);
    else noteStatement(part.text, section);
  }
  // What a cut dump has lost would count as rows that came later.
  if (!isWhole) return {};
  const meant = sections.get(preferred) ?? [...sections.values()].sort((a, b) => b.tables - a.tables)[0];
  return Object.fromEntries([...(meant?.rows ?? [])].filter(([table]) => !meant?.inserted.has(table)));
}

async function countCopy(part: DumpPart & { readonly kind: 'copy' }, { rows }: Section): Promise<void> {
  let lines = 0;
  for await (const piece of part.rows)
    for (let at = piece.indexOf(LF); at !== -1; at = piece.indexOf(LF, at + 1)) lines += 1;
  const table = tableIn(part.text, 1);
  rows.set(table, (rows.get(table) ?? 0) + lines);
}

function noteStatement(text: string, section: Section): void {
  const shape = shapeOf(wordsOf(text.slice(0, HEAD_CHARS), 2));
  if (shape === 'create table') section.tables += 1;
  else if (shape === 'insert into') section.inserted.add(tableIn(text, 2));
}

/** The table as lists of rows call it: without the schema where that is `public`. */
function tableIn(statement: string, at: number): string {
  const words = wordsOf(statement.slice(0, HEAD_CHARS), HEAD_WORDS);
  const [first, dot, second] = words.slice(at);
  if (dot?.text !== '.' || !second) return first?.text ?? '';
  return first?.text === 'public' ? second.text : `${first?.text}.${second.text}`;
}

function sectionOf(sections: Map<string, Section>, database: string): Section {
  const known = sections.get(database) ?? { tables: 0, rows: new Map(), inserted: new Set() };
  sections.set(database, known);
  return known;
}
