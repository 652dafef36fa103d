import type { RuinedCopy } from '../own-sabotage.ts';
import type { Statement } from './survey-sql.ts';

/** Passes the lines of a dump through a program of awk; packs it again, and leaves it the time that it had. */
const EDIT = `set -e
at=$(stat -c %.9Y "$1")
if [ "$2" = gzip ]; then gzip --decompress --stdout "$1" >before.sql; else cat "$1" >before.sql; fi
LC_ALL=C awk -v "name=$4" "$3" before.sql >after.sql
! cmp -s before.sql after.sql || { echo same; exit 0; }
if [ "$2" = gzip ]; then gzip --stdout after.sql >"$1"; else cat after.sql >"$1"; fi
touch -d "@$at" "$1"`;

/** Changes the SQL of a copied dump by a program of awk of ours, which gets a name of ours as `name`. */
export async function editSql(copy: RuinedCopy, program: string, name = ''): Promise<void> {
  const { dump, dumps } = copy;
  const said = await copy.run(EDIT, `${dumps.path}/${dump?.path}`, dump?.format ?? '', program, name);
  if (said.trim() === 'same') throw new Error('the dump was not changed: nothing of that kind is in it');
}

/** A line of data is never taken for a statement: `copying` tells where one is. */
const DATA = String.raw`copying && $0 == "\\." { copying = 0; print; next }`;
const BEGIN = '/^COPY .* FROM stdin;$/ { copying = 1; mine = ($2 == name) }';

/** Takes out every row of the table. */
export const WITHOUT_ROWS = `${DATA}
copying { if (!mine) print; next }
${BEGIN}
{ print }`;

/** Puts rubbish in the place of the first row of the table. */
export const GARBLED_ROW = String.raw`${DATA}
copying { if (mine && !done) { print "garbled\tby\ta\tbad\tdisk"; done = 1 } else print; next }
${BEGIN}
{ print }`;

/** Ends before the first key. */
export const CUT_BEFORE_KEYS = `${DATA}
copying { print; next }
${BEGIN}
/^ALTER TABLE ONLY / { held = $0; next }
held != "" { if ($0 ~ /ADD CONSTRAINT/) exit; print held; held = "" }
{ print }`;

const PATTERNS: Readonly<Record<Statement, string>> = {
  index: '^CREATE (UNIQUE )?INDEX ',
  trigger: '^CREATE (CONSTRAINT )?TRIGGER ',
  'primary-key': '^    ADD CONSTRAINT .* PRIMARY KEY ',
  'foreign-key': '^    ADD CONSTRAINT .* FOREIGN KEY ',
};

/** Takes out the first statement of a sort. */
export function withoutStatement(statement: Statement): string {
  const pattern = `/${PATTERNS[statement]}/`;
  return `${DATA}
copying { print; next }
${BEGIN}
held != "" { if (!done && ${pattern}) { done = 1; held = ""; next } print held; held = "" }
!done && /^ALTER TABLE ONLY / { held = $0; next }
!done && ${pattern} { done = 1; next }
{ print }`;
}
