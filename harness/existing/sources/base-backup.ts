import type { Step } from '../../model/job.ts';
import type { Receipt } from '../../model/path.ts';
import type { BackupSource, SourceContext } from '../../model/source.ts';
import type { Volume } from '../../model/target.ts';
import type { OpenPlace, Place } from '../places/place.ts';
import { aroundIt } from './around-it.ts';
import { examineArchive, hasWalLink, unpackArchive } from './base-backup/examine-archive.ts';
import { type FoundCopy, findCopy, holdsCopy, noLabel } from './base-backup/find-copy.ts';
import { neutralizeConfig } from './base-backup/neutralize-config.ts';
import { NAME, refused, shown } from './base-backup/refused.ts';
import { sortOut, walLinkIn } from './base-backup/sort-out.ts';
import { isLog, walInside } from './base-backup/wal-inside.ts';
import { receiptOf } from './receipt-of.ts';
import { withSourceErrors } from './with-source-errors.ts';

const STARTED = /^START TIME: (.+)$/m;
const VERSION = 'PG_VERSION';
const HEADS = [VERSION, 'backup_label'];
/** Far more than either of them has. */
const HEAD_BYTES = 16 * 1024;
/** A link in its place is not unpacked. */
const WAL_FOLDER = ['pg_wal', './pg_wal'];
/** Files of the volume beside the copy: what was listed, and what must not be there. */
const LISTED = 'listed';
const ODD = 'odd';

/** Which physical copy of a server to take. */
export interface BaseBackupOptions {
  /** The folder of the place that pg_basebackup has written to. */
  readonly folder: string;
  /** The superuser of the copied server. */
  readonly superuser: string;
  /** The database of the workload in it. */
  readonly database: string;
}

/** What every step on the way works with. */
interface Work extends FoundCopy {
  readonly context: SourceContext<'postgres'>;
  readonly open: OpenPlace;
  readonly folder: string;
  /** The copy's place, for messages. */
  readonly where: string;
  /** A volume for what is needed on the way. */
  readonly work: Volume;
}

/** A physical copy of a whole server: as pg_basebackup writes it, as archives or as a folder, or all of its data at one moment. */
export function baseBackupSource(place: Place, options: BaseBackupOptions): BackupSource<'postgres'> {
  return {
    name: NAME,
    protects: 'postgres',
    programs: [...place.programs, 'tar', 'gzip', 'sh', 'find'],
    promises: {
      keeps: { mode: false, owner: false, mtime: false, emptyFolders: false },
      leavesOut: [],
      quiesce: false,
    },
    options: { ...place.options, in: place.name, folder: options.folder, superuser: options.superuser },
    secrets: place.secrets,
    afterwards: async (context, receipt) => await aroundIt(withSourceErrors(context), place, receipt),
    restore: async (context) => await restore(withSourceErrors(context), place, options),
  };
}

async function restore(
  context: SourceContext<'postgres'>,
  place: Place,
  { folder, superuser, database }: BaseBackupOptions,
): Promise<Receipt> {
  const open = await place.open(context, { below: folder, isThere: holdsCopy });
  const where = `${open.id}/${folder}`;
  const copy = findCopy(await open.list(folder), where, open.isOneMoment);
  const all: Work = { ...copy, context, open, folder, where, work: await context.volume('copy') };
  const read = await context.run(fetching(all));
  const hasLink = await examined(all);
  const head = async (name: string) =>
    Buffer.from(await all.work.read(name, { offset: 0, length: HEAD_BYTES })).toString('utf8');
  const major = majorOf(await head(VERSION), where);
  const label = copy.hasLabel ? await head('backup_label') : '';
  if (copy.hasLabel && label === '') throw noLabel(where);
  const slot = await context.target({ major, exactly: true, extensions: [], database });
  const loaded = await context.run(loading(all, slot.data, hasLink));
  const link = walLinkIn(await all.work.read(ODD), where);
  const completed = await withLog(all, slot.data, hasLink || link !== undefined ? { target: link } : undefined);
  const neutral = await context.run({
    name: `${context.component}.neutralize`,
    volumes: [{ volume: slot.data }],
    steps: () => [neutralizeConfig(slot.data, major, superuser)],
  });
  await slot.start();
  const madeAt = Date.parse(STARTED.exec(label)?.[1] ?? '');
  return receiptOf(context, NAME, [read, loaded, ...completed, neutral], {
    id: where,
    madeAt: Number.isNaN(madeAt) ? open.madeAt || (await open.lastWritten(folder)) : new Date(madeAt).toISOString(),
    details: { ...open.details, physical: true, server: String(major) },
  });
}

type Job = Parameters<SourceContext<'postgres'>['run']>[0];

/** Fetches what tells of the copy, and its archives where it has some; those are looked at before they are unpacked. */
function fetching({ context, open, folder, work, base, wal, hasLabel }: Work): Job {
  const at = (name: string) => [folder, name].filter(Boolean).join('/');
  const into = (name: string) => `${work.path}/${name}`;
  return {
    name: `${context.component}.fetch`,
    volumes: [...open.volumes, { volume: work }],
    steps: () => [
      ...(base ? [] : (hasLabel ? HEADS : [VERSION]).flatMap((name) => open.fetchFile(at(name), into(name)))),
      ...[base, wal].flatMap((name) =>
        name === undefined
          ? []
          : [
              ...open.fetchFile(at(name), into(name)),
              ...examineArchive(into(name), into(`${name}.${LISTED}`), into(`${name}.${ODD}`)),
            ],
      ),
      ...(base ? HEADS.map((name) => headOf(into(base), name, into(name))) : []),
    ],
  };
}

/**
 * The first member of that name, under either of the names that archives give it; empty when there is none. The list has
 * been read to its end by then, and members that tar does not like come up when it is looked at.
 */
function headOf(archive: string, name: string, into: string): Step {
  const script =
    'if LC_ALL=C grep -aqE -- " \\./$2\\$" "$1.$3"; then name="./$2"; else name=$2; fi; tar --extract --to-stdout --occurrence=1 --file "$1" "$name"';
  return {
    program: 'sh',
    args: ['-c', script, 'sh', archive, name, LISTED],
    stdout: into,
    okExitCodes: [0, 2],
    phase: 'load',
  };
}

/** Refuses archives with members that must not be unpacked; tells whether the log is a link in the archive of the data. */
async function examined({ base, wal, work, where }: Work): Promise<boolean> {
  if (wal !== undefined && hasWalLink(await work.read(`${wal}.${ODD}`), where)) throw outside(where, undefined);
  if (base === undefined || !hasWalLink(await work.read(`${base}.${ODD}`), where)) return false;
  if (wal === undefined) throw outside(where, undefined);
  return true;
}

function loading({ context, open, folder, work, base }: Work, data: Volume, hasLink: boolean): Job {
  return {
    name: `${context.component}.restore`,
    volumes: [...(base ? [] : open.volumes), { volume: work }, { volume: data }],
    steps: () => [
      ...(base
        ? [unpackArchive(`${work.path}/${base}`, data.path, { without: hasLink ? WAL_FOLDER : [] })]
        : open.fetchFolder(folder, data.path)),
      sortOut(data, `${work.path}/${ODD}`),
    ],
  };
}

/** Brings the log where the data folder does not have it itself: out of its archive, or from where a link pointed to. */
async function withLog(all: Work, data: Volume, link: { target: string | undefined } | undefined) {
  const { context, open, work, wal, where } = all;
  const log = `${data.path}/pg_wal`;
  const steps =
    wal !== undefined
      ? [unpackArchive(`${work.path}/${wal}`, log)]
      : link && open.fetchFolder(await insideOf(all, link.target ?? ''), log);
  if (!steps) return [];
  const report = await context.run({
    name: `${context.component}.log`,
    volumes: [...(wal === undefined ? open.volumes : []), { volume: work }, { volume: data }],
    steps: () => [
      { program: 'sh', args: ['-c', 'mkdir -p "$1"', 'sh', log], phase: 'load' },
      ...steps,
      sortOut(data, `${work.path}/${ODD}`),
    ],
  });
  walLinkIn(await work.read(ODD), where);
  return [report];
}

/** The folder of the place that the link points to, with no link on the way that would lead out of it again. */
async function insideOf({ context, open, folder, work, where }: Work, target: string): Promise<string> {
  const inside = walInside(target, { folder, root: open.id });
  if (inside === undefined) throw outside(where, target);
  const [root, path] = [open.fileAt?.(''), open.fileAt?.(inside)];
  if (root !== undefined && path !== undefined) {
    await context.run({
      name: `${context.component}.find-log`,
      volumes: [...open.volumes, { volume: work }],
      steps: () => [
        {
          program: 'sh',
          args: ['-c', 'realpath -ez -- "$1" "$2" || true', 'sh', root, path],
          stdout: `${work.path}/real`,
          phase: 'load',
        },
      ],
    });
    const [realRoot, real] = Buffer.from(await work.read('real'))
      .toString('utf8')
      .split('\0');
    if (real !== `${realRoot}/${inside}`) throw outside(where, target);
  }
  if (!isLog(await open.list(inside))) throw outside(where, target);
  return inside;
}

function outside(where: string, target: string | undefined): ReturnType<typeof refused> {
  return refused(
    'log-outside-copy',
    `The write-ahead log of the copy in ${where} is a link${target === undefined ? '' : ` to ${shown(target)}`}, and not in the place of the backup: links out of a backup are not followed.`,
    'environment',
    'name a folder that holds both the copy and its log, with `path` for the copy; or make it without --waldir.',
  );
}

function majorOf(text: string, where: string): number {
  const major = Number(/^\d{1,2}/.exec(text)?.[0]);
  if (major > 0) return major;
  throw refused('backup-missing', `The PG_VERSION of the copy in ${where} names no version of Postgres.`, 'backup');
}
