import type { BackupContext, BackupPath, InMatrix, Receipt, RestoreContext } from '../model/path.ts';
import { pgRestoreStep, pgStep } from './objects/libpq.ts';
import { retainObjects } from './objects/retain.ts';
import { digestStep, stamp, storedReceipt } from './objects/stored-files.ts';
import { openTransfer, S3_CLIENTS } from './objects/transfer.ts';

const NAME = 'pg-dump-tables';
const PRE = '0-pre-data.dump';
const POST = '2-post-data.dump';
/** They belong to no table, and a dump of one table leaves them out. */
const LARGE_OBJECTS = '1-large-objects.dump';
const LARGE_OBJECTS_ONLY = ['--section=data', '--blobs', '--exclude-table-data=*'];

const TABLES = `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1`;

/**
 * Dumps a database table by table, so that one table can be brought back alone: the schema first, a file a table, one
 * for all large objects, keys and indexes last. Each file sees its own moment, so writes must rest meanwhile.
 */
export function pgDumpTables(): BackupPath<'postgres'> {
  return {
    name: NAME,
    protects: 'postgres',
    programs: ['pg_dump', 'pg_restore', 'sha256sum', 'tar'],
    oneOf: S3_CLIENTS,
    promises: { keeps: { mode: false, owner: false, mtime: false, emptyFolders: false }, leavesOut: [], quiesce: true },
    options: {},
    backup,
    restore,
    retain: retainObjects,
  };
}

async function backup(context: BackupContext<'postgres'>): Promise<Receipt> {
  const startedAt = new Date();
  const transfer = await openTransfer(context);
  const { component, source } = context;
  const tables = await source.query<{ name: string }>(TABLES);
  const large = await source.query('SELECT FROM pg_largeobject_metadata LIMIT 1');
  const prefix = `db-tables/${component}/${stamp(context.at)}/`;
  const dump = (scratch: string, file: string, ...args: string[]) =>
    pgStep(source, 'pg_dump', ['--format=custom', '--file', `${scratch}/tables/${file}`, ...args]);
  const largeObjects = large.length > 0 ? [LARGE_OBJECTS] : [];
  const files = [PRE, ...largeObjects, ...tables.map((_, index) => tableFile(index)), POST];
  const report = await context.run({
    name: `${component}.backup`,
    volumes: [],
    steps: (scratch) => [
      { program: 'mkdir', args: [`${scratch}/tables`] },
      dump(scratch, PRE, '--section=pre-data'),
      ...tables.map(({ name }, index) => dump(scratch, tableFile(index), '--section=data', '--table', name)),
      ...largeObjects.map((file) => dump(scratch, file, ...LARGE_OBJECTS_ONLY)),
      dump(scratch, POST, '--section=post-data'),
      digestStep(`${scratch}/tables`, ...files),
      transfer.uploadFolder(`${scratch}/tables`, prefix.slice(0, -1)),
    ],
  });
  return await storedReceipt(
    context,
    { path: NAME, startedAt, report, prefix },
    { prefix, tables: tables.map(({ name }) => name).join(' ') },
  );
}

async function restore({ receipt, target, ...context }: RestoreContext<'postgres'>): Promise<void> {
  const transfer = await openTransfer(context);
  const database = await target.start();
  const files = receipt.objects.map(({ key }) => key.slice(String(receipt.details.prefix).length));
  await context.run({
    name: `${context.component}.restore`,
    volumes: [],
    steps: (scratch) => [
      transfer.downloadFolder(String(receipt.details.prefix).slice(0, -1), `${scratch}/tables`),
      ...files.toSorted().map((file) => pgRestoreStep(database, [`${scratch}/tables/${file}`])),
    ],
  });
}

/** Sorts between the schema before and the keys after. */
function tableFile(index: number): string {
  return `1-table-${String(index).padStart(4, '0')}.dump`;
}

/** How sabotage tries it. */
export const inMatrix: InMatrix = { rank: 2, forFirst: [pgDumpTables()] };
