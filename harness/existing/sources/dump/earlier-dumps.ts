import type { Step } from '../../../model/job.ts';
import type { EarlierBackup } from '../../../model/path.ts';
import type { OpeningContext } from '../../../model/source.ts';
import type { Volume } from '../../../model/target.ts';
import { madeAt } from '../../places/choose-file.ts';
import type { OpenPlace, PlacedFile } from '../../places/place.ts';
import { countRows } from './count-rows.ts';
import type { PlacedDump } from './dumps-in.ts';
import { fetchDump } from './fetch-dump.ts';
import { piecesOf } from './sql/pieces-of.ts';

const MOST = 3;
const LARGEST_BYTES = 2 * 1024 ** 3;
/** All rows of an archive are written out to be counted: a multiple of what it takes itself. */
const LARGEST_ARCHIVE_BYTES = 512 * 1024 ** 2;
const ROWS = 'rows.sql';

/** The dumps to be asked beside the one that was restored: the one before it, and the largest of the rest. */
export function earlierDumps(newestFirst: readonly PlacedDump[], restored: PlacedDump): PlacedDump[] {
  const at = newestFirst.indexOf(restored);
  const fitting = newestFirst
    .slice(at + 1)
    .filter(({ sizeBytes }) => at !== -1 && sizeBytes > 0 && sizeBytes <= LARGEST_BYTES);
  const [before, ...others] = fitting;
  if (!before) return [];
  return [before, ...others.toSorted((a, b) => b.sizeBytes - a.sizeBytes).slice(0, MOST - 1)];
}

/** What an earlier dump is counted in. */
export interface Counting {
  readonly open: OpenPlace;
  readonly folder: string;
  readonly files: readonly PlacedFile[];
  readonly database: string;
}

/** Counts the rows of an earlier dump without restoring it; one that cannot be read has none, and is nobody's fault here. */
export async function countEarlier(
  context: OpeningContext,
  chosen: PlacedDump,
  { open, folder, files, database }: Counting,
): Promise<EarlierBackup> {
  // Its jobs are others than those of the dump that is restored.
  const named = { ...context, component: `${context.component}.earlier` };
  const work = await context.volume('earlier');
  try {
    const { format } = await fetchDump(named, open, { folder, chosen, files, work, reports: [] });
    if (format !== 'plain') await writeOut(named, chosen, work);
    const rows = await context.load('earlier', async () =>
      countRows(piecesOf(work, format === 'plain' ? 'dump' : ROWS), database),
    );
    return { file: chosen.path, madeAt: madeAt(chosen), rows };
  } catch {
    return { file: chosen.path, madeAt: madeAt(chosen), rows: {} };
  } finally {
    await work.destroy();
  }
}

/** Writes all rows of an archive as SQL, as it has them: pg_restore reads them whatever they are compressed with. */
async function writeOut(context: OpeningContext, { path, sizeBytes }: PlacedDump, work: Volume): Promise<void> {
  if (sizeBytes > LARGEST_ARCHIVE_BYTES) throw new RangeError(`${path} is too large to be written out`);
  const step: Step = { program: 'pg_restore', args: ['--data-only', '--file=-', `${work.path}/dump`] };
  await context.run({
    name: `${context.component}.rows`,
    volumes: [{ volume: work }],
    steps: () => [{ ...step, stdout: `${work.path}/${ROWS}` }],
  });
}
