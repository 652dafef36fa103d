import { refused } from './dump-errors.ts';

const CONNECT = /^\\connect (?:-reuse-previous=on )?("(?:[^"]|"")*"|[^\s"'`:]+)\s*$/;
const IN_CONNECTION = /^dbname='((?:[^'\\]|\\.)*)'$/s;
/** The encoding of what follows is set by a statement, too; pg_dump says it to psql before it connects to an odd name. */
const HARMLESS = /^\\(?:(?:un)?restrict|encoding) "?[A-Za-z0-9_-]+"?\s*$/;

/** What a line that begins with a backslash asks of psql; only what pg_dump and pg_dumpall write is known. */
export function readPsqlCommand(text: string, line: number): { readonly connect?: string } {
  if (HARMLESS.test(text)) return {};
  const [, word = ''] = CONNECT.exec(text) ?? [];
  const name = word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word;
  const [, inConnection] = IN_CONNECTION.exec(name) ?? [];
  if (inConnection !== undefined) return { connect: inConnection.replace(/\\(.)/gs, '$1') };
  // Any other connection string could name another server.
  if (name !== '' && !/[=:/]/.test(name)) return { connect: name };
  throw forbidden(text, line);
}

/** The error that says which command of psql stands where. */
export function forbidden(text: string, line: number) {
  const command = /^\\[!-~]?[A-Za-z_+?]*/.exec(text)?.[0] ?? '\\';
  return refused(
    `it has the command ${command} for psql, which pg_dump does not write; nothing of the dump was run`,
    line,
    'look at that line: it may have been put there by somebody else. What psql would do with it, such as running a program, no drill does.',
  );
}
