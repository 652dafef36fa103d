import type { Step } from '../../../model/job.ts';
import { RUN_SUPERUSER, TAKEOVER_FILE } from '../../../model/takeover.ts';
import type { Volume } from '../../../model/target.ts';

/** What indexes of a photo library cannot be read without. Loaded from the folder of the server here, never by a path. */
const PRELOAD_ALLOWED = ['vchord', 'vectors'];
/** Recovery needs one slot for each origin that the server followed, and a place for each prepared transaction. */
const KEPT_BY_RECOVERY = 256;
const EVENT_TRIGGERS_SINCE = 17;
const ORIGINS_APART_SINCE = 18;

/**
 * The copy brings the settings of its server along: it would archive to the user's store, follow the user's server, or load
 * what is not here. It starts with none of them, and asks whoever starts it to make its superuser the run's own.
 */
export function neutralizeConfig(data: Volume, major: number, superuser: string): Step {
  const allowed = `(${PRELOAD_ALLOWED.join('|')})(\\.so)?`;
  const script = [
    'set -e',
    // Only words of the list come through, and each of them whole: a path that ends in one does not.
    `preload=$(cat postgresql.conf postgresql.auto.conf 2>/dev/null | grep -aiE "^[[:space:]]*shared_preload_libraries" | tail -n 1 | tr "=', \\t\\r\\"" "\\n" | grep -axE "$3" | sort -u | paste -sd, -)`,
    'rm -f standby.signal recovery.signal recovery.conf recovery.done promote postmaster.pid postmaster.opts tablespace_map',
    // A slot of the copy would hold back what nobody fetches, and there may be more of them than a server is started with.
    'rm -rf pg_replslot',
    'mkdir -p pg_replslot pg_tblspc pg_wal',
    // No row of the log may make a link to a tablespace: it would lead to that of the live server.
    'chmod 500 pg_tblspc',
    'printf "%s\\nshared_preload_libraries = \'%s\'\\n" "$2" "$preload" > postgresql.conf',
    ': > postgresql.auto.conf',
    ': > pg_ident.conf',
    `printf 'local all "%s" scram-sha-256\\nhost all "%s" 127.0.0.1/32 scram-sha-256\\n' ${RUN_SUPERUSER} ${RUN_SUPERUSER} > pg_hba.conf`,
    `printf "%s" "$1" > ${TAKEOVER_FILE}`,
    `chmod 600 postgresql.conf postgresql.auto.conf pg_ident.conf pg_hba.conf ${TAKEOVER_FILE}`,
    'chmod 700 . pg_replslot pg_wal',
  ].join('; ');
  const args = ['-c', script, 'sh', superuser, neutralSettings(major), allowed];
  return { program: 'sh', args, cwd: data.path, phase: 'load' };
}

/** The settings of a copy, whose server starts nothing by itself and reaches nobody. */
export function neutralSettings(major: number): string {
  const settings = {
    archive_mode: 'off',
    autovacuum: 'off',
    jit: 'off',
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    max_worker_processes: 4,
    max_replication_slots: KEPT_BY_RECOVERY,
    max_prepared_transactions: KEPT_BY_RECOVERY,
    ...(major >= EVENT_TRIGGERS_SINCE && { event_triggers: 'off' }),
    ...(major >= ORIGINS_APART_SINCE && { max_active_replication_origins: KEPT_BY_RECOVERY }),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}`)
    .join('\n');
}
