import type { JobReport } from '../../../model/job.ts';
import type { Receipt } from '../../../model/path.ts';
import type { OpeningContext } from '../../../model/source.ts';
import type { Volume } from '../../../model/target.ts';
import type { OpenPlace, PlacedFile } from '../../places/place.ts';
import { SUMS } from '../archive.ts';
import { digestStep, HEAD_BYTES, headStep } from './dump-steps.ts';
import { type PlacedDump, TOC } from './dumps-in.ts';
import { type DumpFormat, formatOf } from './format-of.ts';
import { notADump } from './open-dump.ts';
import { requireDump } from './require-dump.ts';
import { unpackDump } from './unpack-dump.ts';
import { sumsOf, verifyDump } from './verify-dump.ts';

/** Some pack what is packed already. */
const MOST_ROUNDS = 2;

/** What to fetch, and where to. */
export interface Fetching {
  readonly folder: string;
  readonly chosen: PlacedDump;
  /** All files of that folder. */
  readonly files: readonly PlacedFile[];
  readonly work: Volume;
  readonly reports: JobReport[];
  readonly digest?: boolean;
}

/** A dump as it lies in a volume of the run: unpacked, and compared with the sums that came with it. */
export interface Fetched {
  readonly format: DumpFormat;
  readonly sha256?: string;
  readonly details: Receipt['details'];
}

/** Fetches a dump, compares it with its sums, and unpacks it. */
export async function fetchDump(
  context: OpeningContext,
  open: OpenPlace,
  { folder, chosen, files, work, reports, digest }: Fetching,
): Promise<Fetched> {
  const at = (path: string) => [folder, path].filter(Boolean).join('/');
  const dump = `${work.path}/dump`;
  const sums = sumsOf(files, chosen);
  const report = await context.run({
    name: `${context.component}.fetch`,
    volumes: [...open.volumes, { volume: work }],
    steps: () => [
      ...(chosen.isFolder
        ? [{ program: 'sh', args: ['-c', 'mkdir "$1"', 'sh', dump] }, ...open.fetchFolder(at(chosen.path), dump)]
        : open.fetchFile(at(chosen.path), dump)),
      ...(sums ? open.fetchFile(at(sums.path), `${work.path}/${SUMS}`) : []),
      headStep(work, chosen.isFolder ? `${dump}/${TOC}` : dump),
      ...(digest ? [digestStep(work)] : []),
    ],
  });
  reports.push(report);
  const verified = await verifyDump(context, { chosen, files, sums, work });
  reports.push(...verified.reports);
  const known = {
    ...(digest && { sha256: report.steps.at(-1)?.stdout.split(' ')[0] ?? '' }),
    details: verified.details,
  };
  if (chosen.isFolder) return { format: 'directory', ...known };
  return { format: await unpackAll(context, work, chosen, reports), ...known };
}

/** What is left when all that it was packed with is gone. */
async function unpackAll(
  context: OpeningContext,
  work: Volume,
  { path, sizeBytes }: PlacedDump,
  reports: JobReport[],
): Promise<DumpFormat> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  for (let round = 0; ; round += 1) {
    const head = await work.read('head.bin');
    if (head.length === 0) throw notADump(`${name} unpacks to nothing at all`);
    requireDump(head, name, round === MOST_ROUNDS);
    const packer = formatOf(head);
    if (packer === 'plain' || packer === 'custom') return packer;
    reports.push(await unpackDump(context, work, { name, packer, headBytes: HEAD_BYTES, packedBytes: sizeBytes }));
  }
}
