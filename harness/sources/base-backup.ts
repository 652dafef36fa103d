import { DrillError } from '../model/error.ts';
import type { Step } from '../model/job.ts';
import type { Receipt } from '../model/path.ts';
import type { BackupSource, SourceContext } from '../model/source.ts';
import type { Volume } from '../model/target.ts';
import type { OpenPlace, Place, PlacedFile } from './places/place.ts';
import { reaching } from './reaching.ts';
import { receiptOf } from './receipt-of.ts';

const NAME = 'base-backup';
const ARCHIVE = /^base\.tar(\.gz|\.zst)?$/;
const WAL_ARCHIVE = /^pg_wal\.tar(\.gz|\.zst)?$/;
const TABLESPACE = /^\d+\.tar/;
const STARTED = /^START TIME: (.+)$/m;

/** Which physical copy of a server to take. */
export interface BaseBackupOptions {
  /** The folder of the place that pg_basebackup has written to. */
  readonly folder: string;
  /** The superuser of the copied server. */
  readonly superuser: string;
  /** The database of the workload in it. */
  readonly database: string;
}

/** A physical copy of a whole server, as pg_basebackup writes it, as archives or as a folder. */
export function baseBackupSource(place: Place, options: BaseBackupOptions): BackupSource<'postgres'> {
  return {
    name: NAME,
    protects: 'postgres',
    programs: [...place.programs, 'tar', 'gzip', 'sh'],
    promises: {
      keeps: { mode: false, owner: false, mtime: false, emptyFolders: false },
      leavesOut: [],
      quiesce: false,
    },
    options: { ...place.options, in: place.name, folder: options.folder, superuser: options.superuser },
    secrets: place.secrets,
    restore: async (context) => await restore(reaching(context), place, options),
  };
}

async function restore(
  context: SourceContext<'postgres'>,
  place: Place,
  { folder, superuser, database }: BaseBackupOptions,
): Promise<Receipt> {
  const open = await place.open(context);
  const work = await context.volume('copy');
  const archives = archivesAmong(await open.list(folder), `${open.id}/${folder}`);
  const read = await context.run(fetching(context, open, folder, archives, work));
  const text = async (name: string) => Buffer.from(await work.read(name)).toString('utf8');
  const major = Number.parseInt(await text('PG_VERSION'), 10);
  const slot = await context.target({ major, exactly: true, extensions: [], database });
  const loaded = await context.run({
    name: `${context.component}.restore`,
    volumes: [...(archives.length > 0 ? [] : open.volumes), { volume: work }, { volume: slot.data }],
    steps: () => [...unpacking(open, folder, archives, work, slot.data), tame(slot.data, superuser)],
  });
  await slot.start();
  const madeAt = Date.parse(STARTED.exec(await text('backup_label'))?.[1] ?? '');
  return receiptOf(context, NAME, [read, loaded], {
    id: `${open.id}/${folder}`,
    madeAt: Number.isNaN(madeAt) ? await open.lastWritten(folder) : new Date(madeAt).toISOString(),
    details: { physical: true, server: String(major) },
  });
}

/** The archives of the copy; none when it lies there as a folder. */
function archivesAmong(files: readonly PlacedFile[], where: string): string[] {
  const names = files.map(({ path }) => path);
  if (names.some((name) => TABLESPACE.test(name)))
    throw refused(
      'tablespaces-unsupported',
      `The copy in ${where} has tablespaces of its own, which are not understood here.`,
      'environment',
    );
  const archives = names.filter((name) => ARCHIVE.test(name) || WAL_ARCHIVE.test(name));
  if (archives.some((name) => ARCHIVE.test(name)) || names.includes('PG_VERSION'))
    return archives.filter((name) => !name.includes('/'));
  throw refused(
    'backup-missing',
    `${where} holds neither base.tar nor PG_VERSION: there is no physical copy of a server in it.`,
    'backup',
  );
}

function fetching(
  context: SourceContext<'postgres'>,
  open: OpenPlace,
  folder: string,
  archives: readonly string[],
  work: Volume,
): Parameters<SourceContext<'postgres'>['run']>[0] {
  const base = archives.find((name) => ARCHIVE.test(name));
  const at = (name: string) => [folder, name].filter(Boolean).join('/');
  const heads = ['PG_VERSION', 'backup_label'].map((name): Step => {
    const script =
      'tar --extract --to-stdout --file "$1" "$2" 2>/dev/null || tar --extract --to-stdout --file "$1" "./$2"';
    return {
      program: 'sh',
      args: ['-c', script, 'sh', `${work.path}/${base}`, name],
      stdout: `${work.path}/${name}`,
      phase: 'load',
    };
  });
  return {
    name: `${context.component}.fetch`,
    volumes: [...open.volumes, { volume: work }],
    steps: () =>
      base
        ? [...archives.flatMap((name) => open.fetchFile(at(name), `${work.path}/${name}`)), ...heads]
        : ['PG_VERSION', 'backup_label'].flatMap((name) => open.fetchFile(at(name), `${work.path}/${name}`)),
  };
}

function unpacking(open: OpenPlace, folder: string, archives: readonly string[], work: Volume, data: Volume): Step[] {
  if (archives.length === 0) return open.fetchFolder(folder, data.path);
  return archives.toSorted().map((name) => ({
    program: 'tar',
    args: [
      '--extract',
      '--file',
      `${work.path}/${name}`,
      '--directory',
      WAL_ARCHIVE.test(name) ? `${data.path}/pg_wal` : data.path,
    ],
    phase: 'load',
  }));
}

/**
 * The copy brings the settings of its server along: it would archive to the user's store, follow the user's server, or load
 * what is not here. It starts with none of them, and asks whoever starts it to give its superuser a password of the run.
 */
function tame(data: Volume, superuser: string): Step {
  const script = [
    'set -e',
    'preload=$(grep -hE "^ *shared_preload_libraries" postgresql.conf postgresql.auto.conf 2>/dev/null | tail -n 1 | grep -E "vchord|vectors" || true)',
    'rm -f standby.signal recovery.signal postmaster.pid postmaster.opts',
    'printf "%s\\n" "$preload" > postgresql.conf',
    ': > postgresql.auto.conf',
    ': > pg_ident.conf',
    'printf "host all all 127.0.0.1/32 scram-sha-256\\n" > pg_hba.conf',
    'printf "%s" "$1" > drill-adopt',
  ].join('; ');
  return { program: 'sh', args: ['-c', script, 'sh', superuser], cwd: data.path, phase: 'load' };
}

function refused(code: string, what: string, blame: 'backup' | 'environment'): DrillError {
  return new DrillError({
    code,
    where: `source/${NAME}`,
    what,
    next: 'look into the folder that the configuration names.',
    blame,
  });
}
