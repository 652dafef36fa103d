import type { JobReport } from '../../model/job.ts';
import type { EarlierBackup, Receipt } from '../../model/path.ts';
import type { BackupSource, OpeningContext, SourceContext } from '../../model/source.ts';
import { madeAt } from '../places/choose-file.ts';
import type { OpenPlace, Place, Wanted } from '../places/place.ts';
import { aroundIt } from './around-it.ts';
import { chooseDump, dumpsIn, type PlacedDump } from './dump/dumps-in.ts';
import { countEarlier, earlierDumps } from './dump/earlier-dumps.ts';
import { fetchDump } from './dump/fetch-dump.ts';
import { loadDump } from './dump/load-dump.ts';
import { openArchive } from './dump/open-archive.ts';
import { openSql } from './dump/open-sql.ts';
import { receiptOf } from './receipt-of.ts';
import { tooLarge } from './too-large.ts';
import { withSourceErrors } from './with-source-errors.ts';

const NAME = 'pg-dump';

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
    afterwards: async (context, receipt) => {
      // Where the disk is limited there is no room for others.
      const before =
        context.room !== undefined ? [] : await earlier(withSourceErrors(context), place, options, receipt);
      const told = await aroundIt(withSourceErrors(context), place, receipt);
      return before.length > 0 ? { ...told, earlier: before } : told;
    },
  };
}

async function restore(context: SourceContext<'postgres'>, place: Place, options: DumpOptions): Promise<Receipt> {
  const open = await place.open(withSourceErrors(context), wantedOf(options));
  const files = await open.list(options.folder);
  const chosen = chooseDump(files, options.file, [open.id, options.folder].filter(Boolean).join('/'));
  if (context.room !== undefined && chosen.sizeBytes > context.room)
    throw tooLarge(`the dump ${chosen.path}`, chosen.sizeBytes, context.room);
  const work = await context.volume('dump');
  const reports: JobReport[] = [];
  const fetching = { ...options, chosen, files, work, reports };
  const { format, sha256, details } = await fetchDump(withSourceErrors(context), open, fetching);
  const dump =
    format === 'plain' ? await openSql(context, work, options.database) : await openArchive(context, work, format);
  const loaded = await loadDump(context, dump, await context.target(dump.needs));
  reports.push(...loaded.reports);
  return receiptOf(context, NAME, reports, {
    id: idOf(open, options, chosen),
    madeAt: dump.madeAt || madeAt(chosen),
    details: {
      ...open.details,
      ...details,
      ...loaded.details,
      format,
      sizeBytes: chosen.sizeBytes,
      fileTime: chosen.modifiedAt,
      ...(sha256 !== undefined && { sha256, place: open.id, file: chosen.path }),
    },
  });
}

function wantedOf({ folder, file }: DumpOptions): Wanted {
  return { below: folder, isThere: (files) => dumpsIn(files, file).length > 0 };
}

function idOf(open: OpenPlace, { folder }: DumpOptions, { path }: PlacedDump): string {
  return `${open.id}/${folder}/${path}`.replaceAll('//', '/');
}

async function earlier(
  context: OpeningContext,
  place: Place,
  options: DumpOptions,
  { id }: Receipt,
): Promise<readonly EarlierBackup[]> {
  const found: EarlierBackup[] = [];
  try {
    const open = await place.open(context, wantedOf(options));
    const files = await open.list(options.folder);
    const dumps = dumpsIn(files, options.file);
    const restored = dumps.find((dump) => idOf(open, options, dump) === id);
    for (const dump of restored ? earlierDumps(dumps, restored) : [])
      found.push(await countEarlier(context, dump, { ...options, open, files }));
  } catch {
    // A witness that cannot be asked says nothing of the backup that was restored.
  }
  return found;
}
