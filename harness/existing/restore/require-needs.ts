import { DrillError } from '../../model/error.ts';
import type { PostgresNeeds } from '../../model/substrate.ts';
import type { Database } from '../../model/target.ts';

/** Makes sure, on the server itself, that a backup can be restored into it: what is missing proves nothing about the backup. */
export async function requireNeeds(database: Database, needs: PostgresNeeds): Promise<Database> {
  const major = Number.parseInt(database.version, 10);
  const rows = await database.query<{ name: string }>('SELECT name FROM pg_available_extensions');
  const available = new Set(rows.map(({ name }) => name));
  const missing = needs.extensions.filter((name) => !available.has(name));
  const fits = needs.exactly ? major === needs.major : major >= needs.major;
  if (fits && missing.length === 0) return database;
  const wants = `Postgres ${needs.major}${needs.exactly ? '' : ' or later'}${missing.length > 0 ? ` with the extensions ${missing.join(', ')}` : ''}`;
  throw new DrillError({
    code: 'postgres-unsuitable',
    where: 'run/restore',
    what: `The backup of the database needs ${wants}, and the server here is Postgres ${database.version} without it.`,
    next: 'give the drill a Postgres that has it: DRILL_POSTGRES_IMAGE names an image of your own, such as the one that the workload runs with; on a cluster, "postgres" in a file for --images does.',
    blame: 'environment',
  });
}
