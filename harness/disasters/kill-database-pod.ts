import type { Disaster, DisasterContext } from '../model/disaster.ts';
import { DrillError } from '../model/error.ts';
import { losePart } from './proof/lost-part.ts';

const TABLE = 'drill_half_written';
/** More rows than any server writes in the time that it takes to kill it. */
const ROWS = 1_000_000_000;
const SEEN_BUDGET_MS = 30_000;
const WRITE = `CREATE TABLE ${TABLE} AS SELECT n, md5(n::text) AS noise FROM generate_series(1, ${ROWS}) AS n`;
const UNDER_WAY = `SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'CREATE TABLE ${TABLE} %'`;

/** Kills the pod of the database while it writes; another pod comes back in its place, and the drill trusts none of it. */
export function killDatabasePod(component = 'database'): Disaster {
  return losePart({
    name: 'kill-database-pod',
    summary: `The pod of ${component} is killed in the middle of a large write; the database is restored beside it.`,
    part: 'pod',
    component,
    meanwhile: (context) => writeMuch(context, component),
  });
}

/** Begins a write that does not end by itself; what it gives back makes sure that it was cut. */
async function writeMuch({ world }: DisasterContext, component: string): Promise<() => Promise<void>> {
  const database = world.database(component);
  const write = database.query(WRITE).then(
    () => 'ended',
    () => 'cut',
  );
  const deadline = Date.now() + SEEN_BUDGET_MS;
  while ((await database.query(UNDER_WAY)).length === 0)
    if (Date.now() > deadline) throw notInMidWrite('did not begin in time');
  return async () => {
    if ((await write) === 'ended') throw notInMidWrite('ended before the pod did');
  };
}

function notInMidWrite(how: string): DrillError {
  return new DrillError({
    code: 'disaster-missed',
    where: 'disaster/kill-database-pod',
    what: `The pod was to be killed in the middle of a write, but the write ${how}.`,
    next: 'run the drill again.',
    blame: 'environment',
  });
}
