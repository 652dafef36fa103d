import type { OpeningContext } from '../../model/source.ts';
import { type Volume, World } from '../../model/target.ts';
import { libraryPlace } from '../places/folder-place.ts';
import type { OpenPlace } from '../places/place.ts';
import { chooseDump, type PlacedDump } from '../sources/dump/dumps-in.ts';
import { formatOf } from '../sources/dump/format-of.ts';
import { readSurvey, SURVEY } from './dump/survey-sql.ts';
import type { CopiedDump, CopySources } from './own-sabotage.ts';
import type { SizeLimit } from './size-limit.ts';

const HEAD_BYTES = 16;
const LIBRARY = 'library';

interface Into {
  readonly media: Volume;
  /** The library, when the dump lies in it. */
  readonly dumps: Volume;
  readonly limit: SizeLimit;
}

/** Fetches the dump that a drill would take, unless it came with the library, and looks into it. */
export async function copyDump(
  context: OpeningContext,
  { place, ...options }: NonNullable<CopySources['dump']>,
  { media, dumps, limit }: Into,
): Promise<CopiedDump> {
  const restored = new World([[LIBRARY, media]]);
  const open = await (place ?? libraryPlace(LIBRARY, '')).open({ ...context, restored });
  const listed = await open.list(options.folder);
  const chosen = chooseDump(listed, options.file, open.id);
  const from = [options.folder, chosen.path].filter(Boolean).join('/');
  const parts = chosen.isFolder ? listed.filter(({ path }) => path.startsWith(`${chosen.path}/`)) : [chosen];
  const sizeBytes = parts.reduce((sum, one) => sum + one.sizeBytes, 0);
  const path = place ? from.slice(from.lastIndexOf('/') + 1) || 'dump' : from;
  if (place) {
    limit.take(`the dump ${chosen.path}`, sizeBytes, parts.length);
    await fetch(context, open, { chosen, from, dumps, path });
  }
  const head = chosen.isFolder ? undefined : await dumps.read(path, { offset: 0, length: HEAD_BYTES });
  const format = head ? formatOf(head) : 'directory';
  if (format !== 'plain' && format !== 'gzip') return { path, format, sizeBytes };
  const report = await context.run({
    name: 'database.survey',
    volumes: [{ volume: dumps, readOnly: true }],
    steps: () => [
      { program: 'sh', args: ['-c', SURVEY, 'sh', `${dumps.path}/${path}`, format, String(limit.maxBytes)] },
    ],
  });
  return { path, format, sizeBytes, sql: readSurvey(report.steps.at(-1)?.stdout ?? '', limit.maxBytes) };
}

interface Fetching {
  readonly chosen: PlacedDump;
  readonly from: string;
  readonly dumps: Volume;
  readonly path: string;
}

async function fetch(context: OpeningContext, open: OpenPlace, { chosen, from, dumps, path }: Fetching): Promise<void> {
  const into = `${dumps.path}/${path}`;
  await context.run({
    name: 'database.copy',
    volumes: [...open.volumes, { volume: dumps }],
    steps: () =>
      chosen.isFolder
        ? [{ program: 'sh', args: ['-c', 'mkdir "$1"', 'sh', into] }, ...open.fetchFolder(from, into)]
        : open.fetchFile(from, into),
  });
  // Its age is that of the file, where neither it nor its name tells.
  await dumps.touch(path, { mtimeMs: Date.parse(chosen.modifiedAt) });
}
