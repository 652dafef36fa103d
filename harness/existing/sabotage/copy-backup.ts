import type { OpeningContext } from '../../model/source.ts';
import { type Volume, World } from '../../model/target.ts';
import { chooseFile } from '../places/choose-file.ts';
import { rootOf } from '../places/find-root.ts';
import { libraryPlace } from '../places/folder-place.ts';
import type { OpenPlace } from '../places/place.ts';
import { checksumsOf } from '../sources/archive.ts';
import { tarSource } from '../sources/tar.ts';
import { withSourceErrors } from '../sources/with-source-errors.ts';
import { copyDump } from './copy-dump.ts';
import type { BackupCopy, CopiedArchive, CopySources } from './own-sabotage.ts';
import { SizeLimit } from './size-limit.ts';

const ARCHIVES = 'archives';

/** The volumes that a copy lies in; `dumps` is `media` when the dump lies in the library. */
export interface CopyVolumes {
  readonly media: Volume;
  readonly dumps: Volume;
  readonly archives: Volume;
}

/** A backup that was fetched to volumes of the run. */
export interface Copied {
  readonly volumes: CopyVolumes;
  readonly copy: Omit<BackupCopy, 'tracked'>;
  readonly sizeBytes: number;
}

/** Fetches a copy of a backup, by the same places and in the same way as a drill does; more than is allowed is refused before it is fetched. */
export async function copyBackup(
  contextOf: (component: string) => OpeningContext,
  sources: CopySources,
  maxBytes: number,
): Promise<Copied> {
  const limit = new SizeLimit(maxBytes);
  const context = withSourceErrors(contextOf('library'));
  const media = await context.volume('media');
  const archives = await context.volume(ARCHIVES);
  const { library, dump: from } = sources;
  const archive = library?.archive && (await copyArchive(context, library, { archives, media, limit }));
  if (library && !archive) await copyFiles(context, library, { media, limit });
  const files = (await Array.fromAsync(media.files())).filter(({ type }) => type === 'file');
  const fresh = withSourceErrors(contextOf('database'));
  const dumps = from?.place ? await fresh.volume('dumps') : media;
  const dump = from && (await copyDump(fresh, from, { media, dumps, limit }));
  return {
    volumes: { media, dumps, archives },
    copy: { files, ...(archive && { archive }), ...(dump && { dump }) },
    sizeBytes: limit.usedBytes,
  };
}

type Library = NonNullable<CopySources['library']>;

interface Into {
  readonly media: Volume;
  readonly limit: SizeLimit;
}

async function copyFiles(context: OpeningContext, { place, root, marks }: Library, { media, limit }: Into) {
  const open = await place.open(context);
  const top = root ?? (await rootOf(place, open, marks));
  const files = await open.list(top);
  limit.take(
    `the library in ${open.id}`,
    files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    files.length,
  );
  await context.run({
    name: 'library.copy',
    volumes: [...open.volumes, { volume: media }],
    steps: () => open.fetchFolder(top, media.path),
  });
  await keepAge(media, open.madeAt || (await open.lastWritten(top)));
}

async function copyArchive(
  context: OpeningContext,
  { place, root, marks, archive: { folder, file } = { folder: '', file: '*' } }: Library,
  { archives, media, limit }: Into & { readonly archives: Volume },
): Promise<CopiedArchive> {
  const open = await place.open(context);
  const listed = await open.list(folder);
  const chosen = chooseFile(listed, file, `${open.id}/${folder}`);
  const sums = checksumsOf(listed, chosen);
  limit.take(`the archive ${chosen.path}`, chosen.sizeBytes, 1);
  const fetched = [chosen, ...(sums ? [sums] : [])].map((one) => ({ one, name: nameOf(one.path) }));
  await context.run({
    name: 'library.copy',
    volumes: [...open.volumes, { volume: archives }],
    steps: () => fetched.flatMap(({ one, name }) => open.fetchFile(at(folder, one.path), `${archives.path}/${name}`)),
  });
  for (const { one, name } of fetched) await archives.touch(name, { mtimeMs: Date.parse(one.modifiedAt) });
  const options = { marks, leavesOut: [], folder: '', file: nameOf(chosen.path), ...(root !== undefined && { root }) };
  const restored = new World([[ARCHIVES, archives]]);
  const { startedAt } = await tarSource(libraryPlace(ARCHIVES, ''), options).restore({
    ...context,
    restored,
    target: media,
  });
  await keepAge(media, startedAt);
  const path = nameOf(chosen.path);
  return { path, sizeBytes: chosen.sizeBytes, ...(sums && { sums: nameOf(sums.path) }) };
}

/** A folder is as old as its newest file: that one gets the time that the backup itself had. */
async function keepAge(media: Volume, madeAt: OpenPlace['madeAt']): Promise<void> {
  let newest: { path: string; mtimeMs: number } | undefined;
  for await (const file of media.files())
    if (file.type === 'file' && file.mtimeMs > (newest?.mtimeMs ?? Number.NEGATIVE_INFINITY)) newest = file;
  const mtimeMs = Date.parse(madeAt);
  if (newest && mtimeMs > newest.mtimeMs) await media.touch(newest.path, { mtimeMs });
}

function at(folder: string, path: string): string {
  return [folder, path].filter(Boolean).join('/');
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
