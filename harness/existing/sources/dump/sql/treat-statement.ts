import { shapeOf, type Word, wordsOf } from './words-of.ts';

/** What becomes of a statement: it is run, perhaps in other words, or left out for a reason that the receipt tells. */
export type Treatment = { readonly run: string } | { readonly skip: Skipped };

/** Kinds of statements that are left out. */
export type Skipped =
  | 'databases'
  | 'event triggers'
  | 'extensions'
  | 'grants'
  | 'owners'
  | 'publications and subscriptions'
  | 'roles'
  | 'schemas made before'
  | 'security labels'
  | 'settings of a newer server'
  | 'tablespaces'
  | 'transactions';

/** What is known of the server that the statements are for. */
export interface Surroundings {
  /** Our own database, whatever it is called in the dump. */
  readonly database: string;
  /** Names of settings that the server has. */
  readonly settings: ReadonlySet<string>;
  /** Schemas that are there before anything is loaded. */
  readonly schemas: ReadonlySet<string>;
}

const HEAD_WORDS = 12;
const HEAD_CHARS = 8_192;
const LONGEST_CHARS = 64 * 1024;
const MAKES = '(?:create|alter|drop|comment on)';

/** What only the superuser of a cluster may do, or what the drill has done already. */
const LEFT_OUT: readonly (readonly [Skipped, RegExp])[] = [
  ['extensions', new RegExp(`^${MAKES} extension\\b`)],
  [
    'extensions',
    /^(?:create|drop|comment on)(?: or replace)?(?: trusted)?(?: procedural)? language (?:if exists )?plpgsql\b/,
  ],
  ['grants', /^(?:grant|revoke|alter default privileges)\b/],
  ['roles', /^(?:create|alter|drop|comment on) (?:role|group|user(?! mapping))\b/],
  ['roles', /^(?:set|reset) (?:(?:local |session )?role|session authorization)\b/],
  ['databases', /^(?:create|drop|comment on) database\b/],
  ['databases', /^update pg_catalog \. pg_database\b/],
  ['tablespaces', new RegExp(`^${MAKES} tablespace\\b`)],
  ['event triggers', new RegExp(`^${MAKES} event trigger\\b`)],
  ['publications and subscriptions', new RegExp(`^${MAKES} (?:publication|subscription)\\b`)],
  ['security labels', /^security label\b/],
  // All of a dump is one transaction already.
  ['transactions', /^(?:begin|start transaction|commit|end)\b/],
];

/** Decides what becomes of a statement of a dump. */
export function treat(statement: string, surroundings: Surroundings): Treatment {
  const head = wordsOf(statement.slice(0, HEAD_CHARS), HEAD_WORDS);
  const shape = shapeOf(head);
  const [kind] = LEFT_OUT.find(([, pattern]) => pattern.test(shape)) ?? [];
  if (kind) return { skip: kind };
  if (shape.startsWith('alter database ')) return ofDatabase(statement, head, surroundings);
  if (shape.startsWith('alter ') && givesAway(statement)) return { skip: 'owners' };
  if (shape.startsWith('set ')) return ofSetting(statement, head, surroundings);
  if (namesSchema(head, surroundings.schemas)) return { skip: 'schemas made before' };
  return { run: statement };
}

/** `ALTER … OWNER TO …` and nothing else. */
function givesAway(statement: string): boolean {
  if (statement.length > LONGEST_CHARS) return false;
  const words = wordsOf(statement, Number.POSITIVE_INFINITY).filter(({ text }) => text !== ';');
  return shapeOf(words.slice(-3)).startsWith('owner to ');
}

/** Settings of the database belong to our own, as do those of roles of one database to nobody here. */
function ofDatabase(statement: string, head: readonly Word[], { database }: Surroundings): Treatment {
  const [, , name, verb] = head;
  if (!name || (verb?.text !== 'set' && verb?.text !== 'reset')) return { skip: 'databases' };
  if (head[4]?.text === 'tablespace') return { skip: 'tablespaces' };
  return { run: `ALTER DATABASE "${database.replaceAll('"', '""')}"${statement.slice(name.end)}` };
}

function ofSetting(statement: string, head: readonly Word[], { settings }: Surroundings): Treatment {
  const [name, sign] = head.slice(/^(?:session|local)$/.test(head[1]?.text ?? '') ? 2 : 1);
  if (!name || !/^(?:=|to)$/.test(sign?.text ?? '')) return { run: statement };
  if (name.text === 'default_tablespace' && !/''\s*;?\s*$/.test(statement)) return { skip: 'tablespaces' };
  return settings.has(name.text) ? { run: statement } : { skip: 'settings of a newer server' };
}

function namesSchema(head: readonly Word[], schemas: ReadonlySet<string>): boolean {
  const [, name] = /^(?:create|drop) schema ((?:if (?:not )?exists )?)/.exec(shapeOf(head)) ?? [];
  if (name === undefined) return false;
  const at = 2 + name.split(' ').filter(Boolean).length;
  return schemas.has(head[at]?.text ?? '');
}
