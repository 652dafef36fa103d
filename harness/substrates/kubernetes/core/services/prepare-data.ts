import {
  clusterStatements,
  DATABASE_THERE,
  databaseStatements,
  NEUTRAL,
  SINGLE_USER,
} from '../../../../kinds/postgres/neutral-catalog.ts';
import { TAKEOVER_FILE } from '../../../../model/takeover.ts';

/** Marks the exit code of the single-user mode among its lines: the container's own is that of the shell. */
export const ENDED_WITH = 'single-user mode ended with';

/**
 * The script that gives the data to the account of the server, also data that a restore as root has brought. A copy of
 * somebody else's server is recovered, without a network, its catalogs are made inert and its superuser the run's own.
 * It needs `PGDATA`, `POSTGRES_USER`, `POSTGRES_DB` and `POSTGRES_PASSWORD`.
 */
export function prepareData(user: string, database: string): string {
  const takeoverFile = `"$PGDATA/${TAKEOVER_FILE}"`;
  return [
    'set -e',
    'umask 077',
    'mkdir -p "$PGDATA"',
    // The links themselves, and never what they lead to. Who is not root has brought the data as the server's account.
    '[ "$(id -u)" != 0 ] || chown -hR postgres:postgres "$PGDATA"',
    'chmod 700 "$PGDATA"',
    `[ -e ${takeoverFile} ] || exit 0`,
    'PROGRAM=$(command -v postgres)',
    'folder=$(mktemp -d)',
    'export PGDATA PROGRAM POSTGRES_USER POSTGRES_DB',
    'as_server() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "exec $1"; else sh -c "exec $1"; fi; }',
    'single() {',
    '  code=0',
    `  as_server '"$PROGRAM" ${SINGLE_USER.join(' ')} -c lc_messages=C -D "$PGDATA" "'"$2"'"' <"$1" >"$folder/said" 2>&1 || code=$?`,
    '  cat "$folder/said"',
    `  [ "$code" = 0 ] && grep -q ${NEUTRAL} "$folder/said" || { echo "${ENDED_WITH} $code"; exit 1; }`,
    '}',
    `{ printf 'CREATE ROLE "%s"\\n' "$POSTGRES_USER"`,
    `  printf 'ALTER ROLE "%s" SUPERUSER LOGIN CONNECTION LIMIT -1 VALID UNTIL %s PASSWORD %s\\n' "$POSTGRES_USER" "'infinity'" "'$POSTGRES_PASSWORD'"`,
    `  printf '%s\\n' ${words(clusterStatements(user, database))}; } >"$folder/cluster"`,
    'single "$folder/cluster" postgres',
    `if [ "$POSTGRES_DB" != postgres ] && grep -q ${DATABASE_THERE} "$folder/said"; then`,
    `  printf '%s\\n' ${words(databaseStatements())} >"$folder/database"`,
    `  single "$folder/database" '$POSTGRES_DB'`,
    'fi',
    `rm -r ${takeoverFile} "$folder"`,
  ].join('\n');
}

/** Words that a shell leaves as they are. */
function words(all: readonly string[]): string {
  return all.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}
