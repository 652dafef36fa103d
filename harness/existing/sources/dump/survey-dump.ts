import { refused, shown } from './sql/dump-errors.ts';
import { type DumpPart, DumpReader } from './sql/dump-reader.ts';
import { readPsqlCommand } from './sql/psql-command.ts';
import { shapeOf, type Word, wordsOf } from './sql/words-of.ts';

/** An extension as a dump asks for it. */
export interface WantedExtension {
  readonly name: string;
  /** Empty when the dump leaves that to the extension. */
  readonly schema: string;
}

/** What a dump of SQL tells when it is read through. */
export interface DumpSurvey {
  /** The version of the server that it was made from, such as `17.11`; empty when it does not say. */
  readonly server: string;
  /** That of the pg_dump that made it. */
  readonly client: string;
  /** It was made by pg_dumpall: roles and all databases. */
  readonly isCluster: boolean;
  /** Its last line is there. */
  readonly complete: boolean;
  /** Those that own things, are granted something, or that policies name. */
  readonly roles: readonly string[];
  /** In a dump of everything, the database that is meant: the one of that name, or the fullest. */
  readonly database: string;
  /** Those of that database. */
  readonly extensions: readonly WantedExtension[];
  readonly tables: number;
  readonly indexes: number;
  readonly foreignKeys: number;
}

const TAIL_BYTES = 4_096;
const HEAD_CHARS = 8_192;
const HEAD_WORDS = 12;
const ROLE_CHARS = 64 * 1024;
const MOST_NAMES = 10_000;
const ENCODINGS = /^(utf-?8|unicode|sql_ascii)$/i;
const FOREIGN_KEY = /^ {4}ADD CONSTRAINT .* FOREIGN KEY /m;
const NO_ROLES: ReadonlySet<string> = new Set(['public', 'current_user', 'session_user', 'current_role', 'group', ',']);

interface Section {
  readonly extensions: Map<string, WantedExtension>;
  tables: number;
  indexes: number;
  foreignKeys: number;
}

/** Reads a dump of SQL through; of several databases, it tells of the one of that name or of the fullest. */
export async function surveyDump(pieces: AsyncIterable<Buffer>, preferred = ''): Promise<DumpSurvey> {
  const reader = new DumpReader(pieces);
  const survey = new Survey();
  for await (const part of reader.parts()) survey.note(part);
  return survey.tell(preferred, reader.sizeBytes);
}

class Survey {
  #server = '';
  #client = '';
  #isCluster = false;
  #end: { readonly ofCluster: boolean; readonly at: number } | undefined;
  readonly #roles = new Set<string>();
  readonly #sections = new Map<string, Section>();
  #section: Section;

  constructor() {
    this.#section = this.#sectionOf('');
  }

  note(part: DumpPart): void {
    if (part.kind === 'comment') this.#comment(part.text, part.at);
    else if (part.kind === 'statement') this.#statement(part.text, part.line);
    else if (part.kind === 'command') {
      const { connect } = readPsqlCommand(part.text, part.line);
      if (connect !== undefined && this.#isCluster) this.#section = this.#sectionOf(connect);
    }
  }

  tell(preferred: string, sizeBytes: number): DumpSurvey {
    const database = preferred !== '' && this.#sections.has(preferred) ? preferred : this.#fullest();
    const { extensions, tables, indexes, foreignKeys } = this.#sectionOf(database);
    return {
      server: this.#server,
      client: this.#client,
      isCluster: this.#isCluster,
      complete: this.#end?.ofCluster === this.#isCluster && sizeBytes - this.#end.at <= TAIL_BYTES,
      roles: [...this.#roles],
      database,
      extensions: [...extensions.values()],
      ...{ tables, indexes, foreignKeys },
    };
  }

  #fullest(): string {
    return [...this.#sections].sort((a, b) => b[1].tables - a[1].tables)[0]?.[0] ?? '';
  }

  #sectionOf(database: string): Section {
    const known = this.#sections.get(database);
    if (known) return known;
    const section = { extensions: new Map(), tables: 0, indexes: 0, foreignKeys: 0 };
    this.#sections.set(database, section);
    return section;
  }

  #comment(text: string, at: number): void {
    this.#server ||= /^-- Dumped from database version (\S+)/.exec(text)?.[1] ?? '';
    this.#client ||= /^-- Dumped by pg_dump version (\S+)/.exec(text)?.[1] ?? '';
    if (/^-- PostgreSQL database cluster dump\s*$/.test(text)) this.#isCluster = true;
    const [, cluster] = /^-- PostgreSQL database (cluster )?dump complete\s*$/.exec(text) ?? [];
    if (/dump complete\s*$/.test(text) && text.startsWith('-- PostgreSQL database '))
      this.#end = { ofCluster: cluster !== undefined, at };
  }

  #statement(text: string, line: number): void {
    const head = wordsOf(text.slice(0, HEAD_CHARS), HEAD_WORDS);
    const shape = shapeOf(head);
    if (/^create table /.test(shape)) this.#section.tables += 1;
    else if (/^create (?:unique )?index /.test(shape)) this.#section.indexes += 1;
    else if (shape.startsWith('create extension ')) this.#extension(head);
    else if (shape.startsWith('set client_encoding ')) requireEncoding(text, line);
    else if (/^(?:alter|grant|create (?:role|policy)) /.test(shape) && text.length <= ROLE_CHARS) this.#rolesIn(text);
    if (shape.startsWith('alter table ') && FOREIGN_KEY.test(text)) this.#section.foreignKeys += 1;
  }

  #extension(head: readonly Word[]): void {
    const at = shapeOf(head).startsWith('create extension if not exists ') ? 5 : 2;
    const name = head[at]?.text ?? '';
    const schema = head.findIndex(({ text, isQuoted }, index) => index > at && text === 'schema' && !isQuoted);
    if (name === 'plpgsql') return;
    this.#section.extensions.set(name, { name, schema: schema === -1 ? '' : (head[schema + 1]?.text ?? '') });
  }

  #rolesIn(text: string): void {
    const words = wordsOf(text, Number.POSITIVE_INFINITY);
    for (const name of rolesOf(words)) if (this.#roles.size < MOST_NAMES) this.#roles.add(name);
  }
}

/** The roles that a statement names: behind the last `TO`, or behind `CREATE ROLE`. */
function rolesOf(words: readonly Word[]): string[] {
  const shape = shapeOf(words.slice(0, 2));
  if (shape.startsWith('create role')) return [words[2]?.text ?? ''].filter(Boolean);
  const isKeyword = (word: Word | undefined, text: string) =>
    word !== undefined && !word.isQuoted && word.text === text;
  const to = words.findLastIndex((word) => isKeyword(word, 'to'));
  const isOwner = isKeyword(words[to - 1], 'owner');
  if (to === -1 || (words[0]?.text === 'alter' && !isOwner && words[1]?.text !== 'default')) return [];
  const rest = words.slice(to + 1);
  const end = rest.findIndex(({ text, isQuoted }) => !isQuoted && /^(?:;|with|granted|using)$/.test(text));
  const names = end === -1 ? rest : rest.slice(0, end);
  return names.filter(({ text, isQuoted }) => isQuoted || !NO_ROLES.has(text)).map(({ text }) => text);
}

function requireEncoding(text: string, line: number): void {
  const [, encoding = ''] = /(?:=|\bto)\s*'?([\w-]+)/i.exec(text) ?? [];
  if (ENCODINGS.test(encoding)) return;
  throw refused(
    `its text is in the encoding ${shown(encoding)}, and only UTF-8 is read here`,
    line,
    'dump it with --encoding=UTF8, or as an archive with --format=custom.',
  );
}
