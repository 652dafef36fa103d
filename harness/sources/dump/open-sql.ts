import type { Step } from '../../model/job.ts';
import type { SourceContext } from '../../model/source.ts';
import type { Database, Volume } from '../../model/target.ts';
import { pgStep } from '../../paths/objects/libpq.ts';
import { notADump, type OpenDump } from './open-dump.ts';
import { readStatements } from './read-statements.ts';

const TAIL_BYTES = 4_096;
const COMPLETE = /^-- PostgreSQL database (cluster )?dump complete$/m;

/** Lines that tell what a dump of SQL needs and holds; rows of tables cannot begin like this. */
const STATEMENTS = [
  '^-- Dumped (from|by) ',
  '^-- PostgreSQL database (cluster )?dump',
  '^CREATE EXTENSION ',
  '^CREATE TABLE ',
  '^CREATE (UNIQUE )?INDEX ',
  '^    ADD CONSTRAINT .* FOREIGN KEY ',
  '^ALTER [A-Z ]+ .* OWNER TO ',
  '^GRANT .* TO ',
  '^CREATE (ROLE|DATABASE) ',
  '^\\\\connect ',
].join('|');

/** Reads a dump of SQL through, and says what it needs, holds, and how psql loads it. */
export async function openSql(context: SourceContext<'postgres'>, work: Volume, database: string): Promise<OpenDump> {
  const file = `${work.path}/dump`;
  await context.run({
    name: `${context.component}.read`,
    volumes: [{ volume: work }],
    steps: () => [
      {
        program: 'sh',
        args: ['-c', 'LC_ALL=C grep -aE -- "$1" "$2"', 'sh', STATEMENTS, file],
        stdout: `${work.path}/statements.txt`,
        okExitCodes: [0, 1],
        phase: 'load',
      },
      {
        program: 'sh',
        args: ['-c', 'tail -c "$1" "$2"', 'sh', String(TAIL_BYTES), file],
        stdout: `${work.path}/tail.txt`,
        phase: 'load',
      },
    ],
  });
  const text = async (name: string) => Buffer.from(await work.read(name)).toString('utf8');
  const found = readStatements(await text('statements.txt'), database);
  if (!found.server) throw notADump('it does not say which server it was made from');
  const complete = COMPLETE.test(await text('tail.txt'));
  const { tables, indexes, foreignKeys, server, client, extensions, isCluster } = found;
  return {
    needs: {
      major: Number.parseInt(server, 10),
      exactly: false,
      extensions,
      ...(isCluster && found.database && { database: found.database }),
    },
    madeAt: '',
    details: {
      ...{ complete, tables, indexes, foreignKeys, server, client, extensions: extensions.join(', ') },
      ...(isCluster && { cluster: true }),
    },
    roles: async () => (isCluster ? [] : found.roles),
    load: (database) => [...(isCluster ? [withoutOurs(file, database)] : []), psql(database, file, !isCluster)],
  };
}

function psql(database: Database, file: string, inOne: boolean): Step {
  const args = ['--no-psqlrc', '--quiet', '--set', 'ON_ERROR_STOP=1'];
  return {
    ...pgStep(database, 'psql', [...args, ...(inOne ? ['--single-transaction'] : []), '--file', file]),
    phase: 'load',
  };
}

/**
 * pg_dumpall makes and drops the role that loads it, and the database that is loaded into: those lines cannot be run as
 * they stand, on any server. Everybody who restores such a dump passes over them.
 */
function withoutOurs(file: string, database: Database): Step {
  const script = `/^(CREATE|DROP|ALTER) ROLE( IF EXISTS)? "?${database.user}"?( |;)/d; /^(CREATE|DROP) DATABASE( IF EXISTS)? "?${database.database}"?( |;)/d`;
  return { program: 'sh', args: ['-c', 'sed -E -i -e "$1" "$2"', 'sh', script, file], phase: 'load' };
}
