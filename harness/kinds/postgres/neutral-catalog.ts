/** What the single-user mode shows when a cluster, or one of its databases, was made inert; no statement contains it. */
export const NEUTRAL = 'drill-neutral';

/** What it shows when the cluster has the database of the workload. */
export const DATABASE_THERE = 'drill-database-there';

/** Arguments for the single-user mode: catalogs may be changed, and nothing of the copy stands in for what is built in. */
export const SINGLE_USER = ['--single', '-O', '-c', 'search_path=pg_catalog', '-c', 'session_replication_role=replica'];

/** Functions in native code may only come from the folder of the server here: the copy could bring a library along. */
const FOREIGN_CODE = `probin IS NOT NULL AND probin !~ '^([$]libdir/)?[A-Za-z0-9_-][A-Za-z0-9_.-]*$'`;
const REFUSED_CODE = `'$libdir/not-loaded-out-of-a-backup'`;

const OF_A_DATABASE = [
  `UPDATE pg_event_trigger SET evtenabled = 'D'`,
  `UPDATE pg_proc SET probin = ${REFUSED_CODE} WHERE ${FOREIGN_CODE}`,
];
const DATABASE_IS_NEUTRAL = [
  `NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtenabled <> 'D')`,
  `NOT EXISTS (SELECT FROM pg_proc WHERE ${FOREIGN_CODE})`,
];

/**
 * Statements, one a line, for the single-user mode in the database `postgres`: no subscription is enabled or knows its
 * publisher, no role and no database has settings of its own, and only the run's superuser may log in, to two databases.
 */
export function clusterStatements(user: string, database: string): string[] {
  const [name, target] = [literal(user), literal(database)];
  const others = `rolname <> ${name}`;
  const closed = `datname NOT IN ('postgres', ${target})`;
  return [
    `UPDATE pg_subscription SET subenabled = false, subslotname = NULL, subconninfo = ''`,
    'DELETE FROM pg_db_role_setting',
    `UPDATE pg_authid SET rolcanlogin = false WHERE ${others}`,
    // Nothing connects to them, so nothing of theirs runs.
    `UPDATE pg_database SET datallowconn = false WHERE ${closed}`,
    ...OF_A_DATABASE,
    shows(NEUTRAL, [
      `NOT EXISTS (SELECT FROM pg_subscription WHERE subenabled OR subslotname IS NOT NULL OR subconninfo <> '')`,
      'NOT EXISTS (SELECT FROM pg_db_role_setting)',
      `NOT EXISTS (SELECT FROM pg_authid WHERE rolcanlogin AND ${others})`,
      `EXISTS (SELECT FROM pg_authid WHERE rolcanlogin AND rolsuper AND rolname = ${name})`,
      `NOT EXISTS (SELECT FROM pg_database WHERE datallowconn AND ${closed})`,
      ...DATABASE_IS_NEUTRAL,
    ]),
    shows(DATABASE_THERE, [`EXISTS (SELECT FROM pg_database WHERE datname = ${target})`]),
  ];
}

/** The same for the database of the workload: what is kept in each database apart. */
export function databaseStatements(): string[] {
  return [...OF_A_DATABASE, shows(NEUTRAL, DATABASE_IS_NEUTRAL)];
}

/** Shows a word when all is as it must be. It is put together by the server, so that a message with the statement has it not. */
function shows(word: string, conditions: readonly string[]): string {
  const [first, ...rest] = word.split('-');
  return `SELECT ${literal(`${first}-`)} || ${literal(rest.join('-'))} AS state WHERE ${conditions.join(' AND ')}`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
