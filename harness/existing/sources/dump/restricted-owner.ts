import { DrillError } from '../../../model/error.ts';
import type { Secret } from '../../../model/secret.ts';
import type { Database } from '../../../model/target.ts';
import { KNOWN_EXTENSIONS } from './known-extensions.ts';
import { shown } from './sql/dump-errors.ts';
import type { WantedExtension } from './survey-dump.ts';

const OWNER = 'drill_owner';
const RIGHTS = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';
/** What the harness asks a server for while it is looked at: sizes, and its state written down. */
const MAY = ['pg_monitor', 'pg_checkpoint'];
const SETTINGS = [
  // Rows that a policy hides would be taken for lost ones: reading them is an error instead.
  'row_security = off',
  // Errors quote rows, and the log of the server is kept. Nobody but a superuser can set it back.
  'log_min_messages = fatal',
  'log_min_error_statement = panic',
];

/** What has to be there before a dump is loaded. */
export interface Prepared {
  readonly extensions: readonly WantedExtension[];
  readonly roles: readonly string[];
}

/** Roles that were made because the dump names them, and schemas that are there before it is loaded. */
export interface Preparation {
  readonly rolesMade: string[];
  readonly schemas: ReadonlySet<string>;
}

/**
 * Makes what only a superuser can make for a dump, and gives the database to a role that is none: whatever the dump brings
 * along runs as that role, while it is loaded and whenever it is read.
 */
export async function prepareOwner(
  database: Database,
  { extensions, roles }: Prepared,
  password: Secret,
): Promise<Preparation> {
  requireKnown(extensions);
  const rolesMade = await makeRoles(database, roles);
  const owner = quoted(OWNER);
  await database.query(`CREATE ROLE ${owner} ${RIGHTS} PASSWORD '${password.reveal()}'`);
  const there = await database.query<{ name: string }>('SELECT rolname AS name FROM pg_catalog.pg_roles');
  for (const may of MAY)
    if (there.some(({ name }) => name === may)) await database.query(`GRANT ${quoted(may)} TO ${owner}`);
  for (const setting of SETTINGS) await database.query(`ALTER ROLE ${owner} SET ${setting}`);
  await database.query(`ALTER DATABASE ${quoted(database.database)} OWNER TO ${owner}`);
  await database.query(`ALTER SCHEMA public OWNER TO ${owner}`);
  const schemas = new Set(['public']);
  for (const { name, schema } of extensions) await makeExtension(database, name, schema, schemas);
  await database.actAs(OWNER, password);
  return { rolesMade, schemas };
}

/** Makes sure that a drill makes all of the extensions. */
export function requireKnown(extensions: readonly WantedExtension[]): void {
  const unknown = extensions.filter(({ name }) => !KNOWN_EXTENSIONS.has(name)).map(({ name }) => shown(name));
  if (unknown.length === 0) return;
  throw new DrillError({
    code: 'extension-unknown',
    where: 'source/pg-dump',
    what: `The dump needs extensions that a drill does not make, since that takes a superuser: ${unknown.slice(0, 5).join(', ')}.`,
    next: 'report it if the extension is harmless; without it the dump cannot be restored by a drill.',
    blame: 'environment',
  });
}

async function makeExtension(database: Database, name: string, schema: string, schemas: Set<string>): Promise<void> {
  const into = schema === '' || schema === 'pg_catalog' ? '' : ` WITH SCHEMA ${quoted(schema)}`;
  try {
    if (into !== '' && !schemas.has(schema)) {
      schemas.add(schema);
      await database.query(`CREATE SCHEMA IF NOT EXISTS ${quoted(schema)} AUTHORIZATION ${quoted(OWNER)}`);
    }
    await database.query(`CREATE EXTENSION IF NOT EXISTS ${quoted(name)}${into} CASCADE`);
  } catch (error) {
    throw new DrillError({
      code: 'extension-not-made',
      where: 'source/pg-dump',
      what: `The extension ${shown(name)} could not be made in ${schema === '' ? 'a new database' : `the schema ${shown(schema)}`}.`,
      next: 'see the log of the server of the run: some extensions must be loaded when it starts, as the image of the workload itself does.',
      blame: 'environment',
      cause: error,
    });
  }
}

/** A dump names the roles that own things and holds none of them: whoever restores it by hand has to make them, too. */
async function makeRoles(database: Database, roles: readonly string[]): Promise<string[]> {
  const rows = await database.query<{ name: string }>('SELECT rolname AS name FROM pg_catalog.pg_roles');
  const missing = roles.filter((role) => !rows.some(({ name }) => name === role) && isPossible(role));
  for (const role of missing) await database.query(`CREATE ROLE ${quoted(role)} NOLOGIN`);
  return missing;
}

/** Names that Postgres keeps for itself, and those that are none. */
function isPossible(role: string): boolean {
  return role !== '' && !role.includes('\0') && !/^pg_/.test(role) && role !== 'none' && role !== OWNER;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
