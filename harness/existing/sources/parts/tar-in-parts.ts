import { DrillError } from '../../../model/error.ts';
import type { Job, Step } from '../../../model/job.ts';
import type { ListedFile } from '../../../model/manifest.ts';
import type { OpeningContext, PartedBackup } from '../../../model/source.ts';
import type { Volume } from '../../../model/target.ts';
import { chooseFile, madeAt, newestFirst } from '../../places/choose-file.ts';
import { linesFrom, type OpenPlace, type Place, type PlacedFile } from '../../places/place.ts';
import { checksumsOf, rootIn, SUMS, type TarOptions, type Verification, verificationOf, verify } from '../archive.ts';
import { receiptOf } from '../receipt-of.ts';
import { tooLarge } from '../too-large.ts';
import { covering } from './covering.ts';
import { withoutBreaks } from './files-in-parts.ts';

const LIST = 'part.txt';

/** The archive as jobs find it: where it lies, or fetched, which takes its whole size. */
interface Packed {
  readonly file: string;
  readonly volumes: Job['volumes'];
  readonly keeps: readonly Volume[];
  readonly details: Verification['details'];
}

/**
 * A library packed into one archive, to be restored some files at a time. An archive has no index: it is read through from
 * its beginning for every part. One that lies in a folder is read where it is; another has to be fetched first.
 */
export async function tarInParts(context: OpeningContext, place: Place, options: TarOptions): Promise<PartedBackup> {
  const open = await place.open(context, {
    below: options.folder,
    isThere: (files) => newestFirst(files, options.file).length > 0,
  });
  const files = await open.list(options.folder);
  const archive = chooseFile(files, options.file, `${open.id}/${options.folder}`);
  const id = `${open.id}/${options.folder}/${archive.path}`.replaceAll('//', '/');
  const sums = checksumsOf(files, archive);
  const packed = await packedOf(context, open, options.folder, archive, sums);
  const root = options.root ?? (await rootIn(context, packed.file, packed.volumes, options.marks, id));
  const prefix = root === '' ? '' : `${root.replace(/\/+$/, '')}/`;
  return {
    id,
    pins: { file: archive.path, ...(place.name === 'restic' && { snapshot: open.id }) },
    keeps: packed.keeps,
    list: () => withoutBreaks(membersOf(context, packed, prefix, id), id),
    fetch: async ({ paths, between }, into) => {
      const names = between ? covering(paths, between) : paths;
      const lists = await context.volume('part');
      try {
        await lists.write(LIST, Buffer.from(`${names.map((name) => prefix + name).join('\n')}\n`));
        return await context.run({
          name: `${context.component}.restore`,
          volumes: [...packed.volumes, { volume: lists, readOnly: true }, { volume: into }],
          steps: () => [unpackSome(packed.file, prefix, `${lists.path}/${LIST}`, into.path)],
        });
      } finally {
        await lists.destroy();
      }
    },
    receipt: async (reports) =>
      receiptOf(context, 'tar', reports, {
        id,
        madeAt: madeAt(archive),
        details: {
          ...open.details,
          root: root || '.',
          sizeBytes: archive.sizeBytes,
          ...packed.details,
          ...(await place.check?.(context)),
        },
      }),
  };
}

async function packedOf(
  context: OpeningContext,
  open: OpenPlace,
  folder: string,
  archive: PlacedFile,
  sums: PlacedFile | undefined,
): Promise<Packed> {
  const at = (path: string) => (folder ? `${folder}/${path}` : path);
  const name = archive.path.slice(archive.path.lastIndexOf('/') + 1);
  const list = sums ? await context.volume('sums') : undefined;
  if (sums && list)
    await context.run({
      name: `${context.component}.fetch`,
      volumes: [...open.volumes, { volume: list }],
      steps: () => open.fetchFile(at(sums.path), `${list.path}/${SUMS}`),
    });
  const packed = open.fileAt
    ? { file: open.fileAt(at(archive.path)), volumes: open.volumes, keeps: [] }
    : await fetched(context, open, at(archive.path), archive);
  const verification = await verificationOf(packed.file, name, sums, list ?? NO_LIST);
  await verify(context, name, verification, packed.volumes);
  await list?.destroy();
  return { ...packed, details: verification.details };
}

const NO_LIST: Pick<Volume, 'read'> = { read: async () => new Uint8Array() };

async function fetched(
  context: OpeningContext,
  open: OpenPlace,
  path: string,
  { sizeBytes }: PlacedFile,
): Promise<Omit<Packed, 'details'>> {
  if (context.room !== undefined && sizeBytes > context.room)
    throw tooLarge(
      `the archive ${path.slice(path.lastIndexOf('/') + 1)}, which must be fetched as a whole,`,
      sizeBytes,
      context.room,
    );
  const volume = await context.volume('archive');
  const file = `${volume.path}/archive`;
  await context.run({
    name: `${context.component}.fetch`,
    volumes: [...open.volumes, { volume }],
    steps: () => open.fetchFile(path, file),
  });
  return { file, volumes: [{ volume, readOnly: true }], keeps: [volume] };
}

/** As GNU tar lists members: `-rw-r--r-- 0/0 12 2026-11-21 16:00:00 data/upload/a.jpg`. */
const MEMBER = /^(.)\S{9,10} +\S+ +(\d+) (\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d+)?)?) (.*)$/;

async function* membersOf(
  context: OpeningContext,
  { file, volumes }: Packed,
  prefix: string,
  id: string,
): AsyncGenerator<ListedFile> {
  const args = ['--list', '--verbose', '--full-time', '--numeric-owner', '--quoting-style=literal', '--file', file];
  for await (const line of linesFrom(context, 'list', { program: 'tar', args }, volumes)) {
    const [, type, size, time, name = ''] = MEMBER.exec(line) ?? [];
    if (!name.startsWith(prefix)) continue;
    if (type === 'h') throw linked(id, name);
    if (type !== '-') continue;
    yield {
      path: name.slice(prefix.length),
      sizeBytes: Number(size),
      modifiedAt: new Date(`${time?.replace(' ', 'T')}Z`).toISOString(),
    };
  }
}

function linked(id: string, name: string): DrillError {
  return new DrillError({
    code: 'archive-linked',
    where: 'source/tar',
    what: `The archive ${id} holds hard links, such as ${name}, which come back only together with what they link to.`,
    next: 'drill it without --max-disk on a larger disk, or pack with --hard-dereference.',
    blame: 'environment',
  });
}

function unpackSome(archive: string, prefix: string, list: string, into: string): Step {
  const strip = prefix.split('/').length - 1;
  return {
    program: 'tar',
    args: [
      ...['--extract', '--preserve-permissions', '--numeric-owner', '--file', archive, '--directory', into],
      ...(strip > 0 ? [`--strip-components=${strip}`] : []),
      // Names are what they are: no backslash in them means anything.
      ...['--verbatim-files-from', '--no-unquote', '--files-from', list],
    ],
    phase: 'load',
  };
}
