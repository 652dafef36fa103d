import type { Step } from '../model/job.ts';
import type { BackupContext, BackupPath, InMatrix, Receipt, RestoreContext } from '../model/path.ts';
import type { Database } from '../model/target.ts';
import { pgRestoreStep, pgStep } from './objects/libpq.ts';
import { retainObjects } from './objects/retain.ts';
import { digestStep, stamp, storedReceipt } from './objects/stored-files.ts';
import { openTransfer, S3_CLIENTS, type Transfer } from './objects/transfer.ts';

const NAME = 'pg-dump';
const JOBS = '2';

/** How a database is dumped. */
export interface PgDumpOptions {
  /** `custom` is one compressed file, `directory` is dumped in parallel, `plain` is SQL through gzip. */
  readonly format?: PgDumpFormat;
}

export type PgDumpFormat = keyof typeof FORMATS;

interface Format {
  readonly ending: string;
  dump(database: Database, to: string): Step[];
  load(database: Database, from: string): Step[];
}

const FORMATS = {
  custom: {
    ending: '.dump',
    dump: (database, to) => [pgStep(database, 'pg_dump', ['--format=custom', '--file', to])],
    load: (database, from) => [pgRestoreStep(database, ['--jobs', JOBS, from])],
  },
  directory: {
    ending: '.dir.tar',
    dump: (database, to) => [
      pgStep(database, 'pg_dump', ['--format=directory', '--jobs', JOBS, '--file', `${to}.d`]),
      { program: 'tar', args: ['--create', '--file', to, '--directory', `${to}.d`, '.'] },
    ],
    load: (database, from) => [
      { program: 'mkdir', args: [`${from}.d`], phase: 'load' },
      { program: 'tar', args: ['--extract', '--file', from, '--directory', `${from}.d`], phase: 'load' },
      pgRestoreStep(database, ['--jobs', JOBS, `${from}.d`]),
    ],
  },
  plain: {
    ending: '.sql.gz',
    dump: (database, to) => [
      pgStep(database, 'pg_dump', ['--format=plain', '--clean', '--if-exists', '--compress=6', '--file', to]),
    ],
    load: (database, from) => [
      { program: 'gzip', args: ['--decompress', from], phase: 'load' },
      {
        ...pgStep(database, 'psql', [
          ...[
            '--no-psqlrc',
            '--quiet',
            '--set',
            'ON_ERROR_STOP=1',
            '--single-transaction',
            '--file',
            from.replace(/\.gz$/, ''),
          ],
        ]),
        phase: 'load',
      },
    ],
  },
} as const satisfies Record<string, Format>;

/** Dumps a database with pg_dump into the backup store, and restores it into a server that has never seen it. */
export function pgDump({ format = 'custom' }: PgDumpOptions = {}): BackupPath<'postgres'> {
  return {
    name: NAME,
    protects: 'postgres',
    programs: ['pg_dump', format === 'plain' ? 'psql' : 'pg_restore', 'sha256sum'],
    oneOf: S3_CLIENTS,
    promises: {
      keeps: { mode: false, owner: false, mtime: false, emptyFolders: false },
      leavesOut: [],
      quiesce: false,
    },
    variant: format,
    options: { format },
    backup: (context) => backup(context, FORMATS[format]),
    restore: (context) => restore(context, FORMATS[format]),
    retain: retainObjects,
  };
}

async function backup(context: BackupContext<'postgres'>, format: Format): Promise<Receipt> {
  const startedAt = new Date();
  const transfer: Transfer = await openTransfer(context);
  const { source, component, workloadName, workloadVersion } = context;
  const prefix = `db/${component}/`;
  const file = `${workloadName}-db-backup-${stamp(context.at)}-${workloadVersion}-pg${source.version}${format.ending}`;
  const report = await context.run({
    name: `${component}.backup`,
    volumes: [],
    steps: (scratch) => [
      ...format.dump(source, `${scratch}/${file}`),
      digestStep(scratch, file),
      transfer.upload(`${scratch}/${file}`, `${prefix}${file}`),
    ],
  });
  const key = `${prefix}${file}`;
  const stored = { path: NAME, startedAt, report, prefix, id: key };
  return await storedReceipt(context, stored, { key, server: source.version });
}

async function restore({ receipt, target, ...context }: RestoreContext<'postgres'>, format: Format): Promise<void> {
  const transfer = await openTransfer(context);
  const database = await target.start();
  await context.run({
    name: `${context.component}.restore`,
    volumes: [],
    steps: (scratch) => {
      const file = `${scratch}/database${format.ending}`;
      return [transfer.download(String(receipt.details.key), file), ...format.load(database, file)];
    },
  });
}

/** How sabotage tries it. */
export const inMatrix: InMatrix = {
  rank: 1,
  forFirst: [pgDump(), pgDump({ format: 'directory' }), pgDump({ format: 'plain' })],
};
