import { kindOf } from '../../kinds/kinds.ts';
import type { Drill } from '../../model/drill.ts';
import { DrillError } from '../../model/error.ts';
import { whyNoSnapshots } from '../../model/snapshots.ts';
import type { Substrate } from '../../model/substrate.ts';
import { requireCapabilities } from '../capabilities.ts';
import type { Part } from '../made.ts';
import type { Run } from '../run.ts';
import { listUntested } from './list-untested.ts';
import { openPlace, programsOf } from './open-place.ts';
import { unsupportedComponents, withoutComponents } from './substrate-parts.ts';

/** Copies of the data that exist at the same time: source, backup, restored, and some for tools and logs. */
export const COPIES = 3.5;
const GIB = 1024 ** 3;

/** Opens the substrate and makes sure that programs and disk space are there before anything is built. */
export async function preflight(run: Run, made: Part<never, 'opened', Drill>): Promise<string> {
  const { substrate, host } = await openPlace(run, made);
  const drill = dropUnsupportedComponents(run, made.opened.drill, substrate);
  made.opened.drill = drill;
  await requireCapabilities(drill, substrate);
  const programs = await programsOf(drill, substrate);
  for (const component of drill.workload.components) programs.push(...kindOf(component).programs);
  const runs = drill.workload.server?.runs;
  if (runs && 'program' in runs) programs.push(runs.program, ...Object.values(runs.calls));
  await substrate.require([...new Set(programs)]);
  const needBytes = requireDisk(drill, host.freeDiskBytes);
  listUntested(run, drill, {
    noPath: 'not part of this drill (no backup path, or excluded with --only)',
    leftOut: ({ name }) => `left out of ${name}: the workload makes it again, which takes time that no RTO here counts`,
  });
  await listUnused(run, drill, substrate);
  return `${substrate.tools().length} programs found, about ${(needBytes / GIB).toFixed(1)} GiB of disk needed`;
}

/** What a substrate has no place for is neither protected nor judged, and the report says so. */
function dropUnsupportedComponents({ log }: Run, drill: Drill, substrate: Substrate): Drill {
  const strangers = unsupportedComponents(substrate, drill);
  for (const what of strangers) log.notTested.push({ what, why: 'need a cluster; run with `--on kind`' });
  return withoutComponents(drill, strangers);
}

function requireDisk({ workload }: Drill, freeBytes: number): number {
  const needBytes = Math.round(workload.estimate().sizeBytes * COPIES);
  if (needBytes > freeBytes)
    throw new DrillError({
      code: 'disk-too-small',
      where: 'run/preflight',
      what: `The drill needs about ${(needBytes / GIB).toFixed(1)} GiB of disk, and ${(freeBytes / GIB).toFixed(1)} GiB are free.`,
      next: `free space, set DRILL_WORK to a folder on a larger disk, or drill fewer ${workload.counted} (--${workload.counted}).`,
      blame: 'environment',
    });
  return needBytes;
}

/** What a path does without because the substrate has none of it. */
async function listUnused({ log }: Run, drill: Drill, { snapshots }: Substrate): Promise<void> {
  const users = Object.entries(drill.paths).filter(([, { uses }]) => uses?.includes('snapshots'));
  const why = users.length > 0 ? await whyNoSnapshots(snapshots) : undefined;
  if (why === undefined) return;
  for (const [component, { name }] of users)
    log.notTested.push({
      what: `a snapshot of ${component} (backed up live)`,
      why: `${why} ${name} read it as it lived`,
    });
}
