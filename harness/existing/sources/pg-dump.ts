import type { JobReport } from '../../model/job.ts';
import type { Receipt } from '../../model/path.ts';
import type { BackupSource, SourceContext } from '../../model/source.ts';
import type { Volume } from '../../model/target.ts';
import { chooseFile, madeAt } from '../places/choose-file.ts';
import type { OpenPlace, Place, PlacedFile } from '../places/place.ts';
import { type DumpFormat, formatOf } from './dump/format-of.ts';
import { openArchive } from './dump/open-archive.ts';
import { openSql } from './dump/open-sql.ts';
import { prepareOwner } from './dump/restricted-owner.ts';
import { unpackDump } from './dump/unpack-dump.ts';
import { receiptOf } from './receipt-of.ts';
import { tooLarge } from './too-large.ts';
import { withSourceErrors } from './with-source-errors.ts';

const NAME = 'pg-dump';
const TOC = 'toc.dat';
const HEAD_BYTES = 16_384;

/** Which dump of a place to take. */
export interface DumpOptions {
  /** The folder of the place that the dumps are in. */
  readonly folder: string;
  /** A name or a pattern; the newest that fits is taken. */
  readonly file: string;
  /** Of a dump of everything, the database that is wanted; the fullest when there is none of that name. */
  readonly database: string;
  /** Notes the digest of the dump in the receipt, by which it is known again. */
  readonly digest?: boolean;
}

/** A dump that pg_dump has made, in any of its formats, or pg_dumpall. */
export function pgDumpSource(place: Place, options: DumpOptions): BackupSource<'postgres'> {
  return {
    name: NAME,
    protects: 'postgres',
    programs: [...place.programs, 'gzip', 'sh'],
    promises: {
      keeps: { mode: false, owner: false, mtime: false, emptyFolders: false },
      leavesOut: [],
      quiesce: false,
    },
    options: { ...place.options, in: place.name, file: options.file },
    secrets: place.secrets,
    restore: async (context) => await restore(context, place, options),
  };
}

async function restore(context: SourceContext<'postgres'>, place: Place, options: DumpOptions): Promise<Receipt> {
  const open = await place.open(withSourceErrors(context));
  const chosen = chooseDump(await open.list(options.folder), options, open.id);
  if (context.room !== undefined && chosen.sizeBytes > context.room)
    throw tooLarge(`the dump ${chosen.path}`, chosen.sizeBytes, context.room);
  const work = await context.volume('dump');
  const reports: JobReport[] = [];
  const { format, sha256 } = await fetch(withSourceErrors(context), open, { ...options, chosen, work, reports });
  const dump =
    format === 'plain' ? await openSql(context, work, options.database) : await openArchive(context, work, format);
  const slot = await context.target(dump.needs);
  const database = await slot.start();
  const { rolesMade, schemas } = await prepareOwner(database, await dump.prepares(), context.secret('owner-password'));
  const loaded = await dump.load(database, schemas);
  reports.push(...loaded.reports);
  return receiptOf(context, NAME, reports, {
    id: `${open.id}/${options.folder}/${chosen.path}`.replaceAll('//', '/'),
    madeAt: dump.madeAt || madeAt(chosen),
    details: {
      ...dump.details,
      format,
      sizeBytes: chosen.sizeBytes,
      ...(sha256 !== undefined && { sha256, place: open.id, file: chosen.path }),
      ...(rolesMade.length > 0 && !dump.makesRoles && { rolesMade: rolesMade.join(', ') }),
      ...(loaded.leftOut !== '' && { leftOut: loaded.leftOut }),
    },
  });
}

/** A dump in the directory format is the folder that its table of contents lies in. */
export function chooseDump(files: readonly PlacedFile[], { file, folder }: DumpOptions, where: string): PlacedFile {
  const folders = files.filter(({ path }) => path === TOC || path.endsWith(`/${TOC}`));
  const asFolders = folders.map((one) => ({ ...one, path: one.path.slice(0, -TOC.length - 1), isFolder: true }));
  const single = files.filter(({ path }) => !asFolders.some((one) => path.startsWith(one.path ? `${one.path}/` : '')));
  // The folder that is named may be the dump itself.
  const self = asFolders.find(({ path }) => path === '');
  return self ?? chooseFile([...asFolders, ...single], file, folder ? `${where}/${folder}` : where);
}

interface Fetching {
  readonly folder: string;
  readonly chosen: PlacedFile & { readonly isFolder?: boolean };
  readonly work: Volume;
  readonly reports: JobReport[];
  readonly digest?: boolean;
}

/** One dump or all files of one; the names go with the bytes. */
const DIGEST =
  'if [ -d "$1" ]; then cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum; else sha256sum <"$1"; fi';

/** What a dump begins with is data: it goes to no log. */
const HEAD = 'head -c "$1" "$2" >head.bin';

async function fetch(
  context: SourceContext<'postgres'>,
  open: OpenPlace,
  { folder, chosen, work, reports, digest }: Fetching,
): Promise<{ readonly format: DumpFormat; readonly sha256?: string }> {
  const path = [folder, chosen.path].filter(Boolean).join('/');
  const toc = `${work.path}/dump${chosen.isFolder ? `/${TOC}` : ''}`;
  const report = await context.run({
    name: `${context.component}.fetch`,
    volumes: [...open.volumes, { volume: work }],
    steps: () => [
      ...(chosen.isFolder
        ? [
            { program: 'sh', args: ['-c', 'mkdir "$1"', 'sh', `${work.path}/dump`] },
            ...open.fetchFolder(path, `${work.path}/dump`),
          ]
        : open.fetchFile(path, `${work.path}/dump`)),
      { program: 'sh', args: ['-c', HEAD, 'sh', String(HEAD_BYTES), toc], cwd: work.path },
      ...(digest ? [{ program: 'sh', args: ['-c', DIGEST, 'sh', `${work.path}/dump`] }] : []),
    ],
  });
  reports.push(report);
  const format = formatOf(await work.read('head.bin'));
  const known = digest ? { sha256: report.steps.at(-1)?.stdout.split(' ')[0] ?? '' } : {};
  if (format !== 'gzip') return { format: format === 'custom' && chosen.isFolder ? 'directory' : format, ...known };
  reports.push(await unpackDump(context, work, { headBytes: HEAD_BYTES, packedBytes: chosen.sizeBytes }));
  return { format: formatOf(await work.read('head.bin')) as DumpFormat, ...known };
}
