import { z } from 'zod';
import { DrillError } from '../../../model/error.ts';
import type { SourceContext } from '../../../model/source.ts';
import type { PostgresNeeds } from '../../../model/substrate.ts';
import { outputOf } from '../../places/place.ts';
import { KNOWN_EXTENSIONS } from '../dump/known-extensions.ts';
import { inWords, psqlStep, type ServerInUse } from './ask-server.ts';
import { notLetIn } from './not-dumped.ts';

const PER_MAJOR = 10_000;
/** Tables and sequences that pg_dump reads and the account may not: by the rights, since messages come in many languages. */
const UNREADABLE = `SELECT pg_catalog.format('%s.%s', n.nspname, c.relname) AS name
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'S') AND c.relpersistence <> 't'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
    AND NOT (pg_catalog.has_schema_privilege(n.oid, 'USAGE')
      AND CASE c.relkind WHEN 'S' THEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT')
        ELSE pg_catalog.has_table_privilege(c.oid, 'SELECT') END)`;
const SURVEY = `SELECT pg_catalog.json_build_object(
  'version', pg_catalog.current_setting('server_version_num')::int,
  'extensions', (SELECT coalesce(pg_catalog.json_agg(extname ORDER BY extname), '[]') FROM pg_catalog.pg_extension),
  'unreadable', (SELECT coalesce(pg_catalog.json_agg(name ORDER BY name), '[]') FROM (${UNREADABLE}) u))`;

const answer = z.object({
  version: z.int().min(PER_MAJOR),
  extensions: z.array(z.string()),
  unreadable: z.array(z.string()),
});

/** What is known of a server in use before it is dumped. */
export interface ServerSurvey {
  /** What a server must have that takes its dump; the pg_dump that comes with that one is new enough for it, too. */
  readonly needs: PostgresNeeds;
  /** Tables and sequences that the account may not read, as `schema.name`. */
  readonly unreadable: readonly string[];
}

/** Asks a server what its dump will need, and what of it the account may not read. */
export async function surveyServer(context: SourceContext<'postgres'>, server: ServerInUse): Promise<ServerSurvey> {
  const { version, extensions, unreadable } = parsed(server, await asked(context, server));
  return {
    needs: {
      major: Math.floor(version / PER_MAJOR),
      exactly: false,
      extensions: extensions.filter((name) => name !== 'plpgsql' && KNOWN_EXTENSIONS.has(name)),
    },
    unreadable,
  };
}

async function asked(context: SourceContext<'postgres'>, server: ServerInUse): Promise<string> {
  try {
    return await outputOf(context, 'survey', psqlStep(server, SURVEY), []);
  } catch (error) {
    throw error instanceof DrillError ? notLetIn(error, server) : error;
  }
}

function parsed(server: ServerInUse, text: string): z.output<typeof answer> {
  try {
    return answer.parse(JSON.parse(text));
  } catch (error) {
    throw new DrillError({
      code: 'server-not-understood',
      where: 'source/live-postgres',
      what: `The database ${inWords(server)} did not tell its version and its extensions.`,
      next: 'see whether it is a Postgres server itself, and no pooler in front of one.',
      blame: 'environment',
      cause: error,
    });
  }
}
