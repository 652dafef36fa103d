import { DrillError } from '../../model/error.ts';
import { notKept } from '../../model/not-kept.ts';
import { whyNoSnapshots } from '../../model/snapshots.ts';
import type { Substrate } from '../../model/substrate.ts';
import { requireCapabilities } from '../capabilities.ts';
import { protectedComponents, type RunState } from '../run-state.ts';
import { strangersTo, withoutComponents } from './substrate-parts.ts';

/** Copies of the data that exist at the same time: source, backup, restored, and some for tools and logs. */
export const COPIES = 3.5;
const GIB = 1024 ** 3;

/** Opens the substrate and makes sure that programs and disk space are there before anything is built. */
export async function preflight(state: RunState): Promise<string> {
  const substrate = await state.openSubstrate();
  state.substrate = substrate;
  state.scope.add(`substrate ${substrate.name}`, async () => await substrate[Symbol.asyncDispose]());
  state.host = await substrate.facts();
  leaveOutStrangers(state, substrate);
  await requireCapabilities(state.drill, substrate);
  const programs = Object.values(state.drill.paths).flatMap((path) => path.programs);
  for (const { oneOf } of Object.values(state.drill.paths)) if (oneOf) programs.push(await substrate.choose(oneOf));
  const kinds = new Set(state.drill.workload.components.map(({ kind }) => kind));
  if (kinds.has('postgres')) programs.push('postgres', 'initdb');
  if (kinds.has('redis')) programs.push('redis-server');
  const runs = state.drill.workload.server?.runs;
  if (runs && 'program' in runs) programs.push(runs.program, ...Object.values(runs.calls));
  await substrate.require([...new Set(programs)]);
  const needBytes = requireDisk(state, state.host.freeDiskBytes);
  listUntested(state);
  await listUnused(state, substrate);
  return `${substrate.tools().length} programs found, about ${(needBytes / GIB).toFixed(1)} GiB of disk needed`;
}

/** What a substrate has no place for is neither protected nor judged, and the report says so. */
function leaveOutStrangers(state: RunState, substrate: Substrate): void {
  const strangers = strangersTo(substrate, state.drill);
  for (const what of strangers)
    state.notTested.push({ what, why: 'it lives in a cluster of the drill alone, which `--on kind` makes' });
  state.drill = withoutComponents(state.drill, strangers);
}

function requireDisk(state: RunState, freeBytes: number): number {
  const { workload } = state.drill;
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

function listUntested({ drill, notTested }: RunState): void {
  const protectedNames = protectedComponents(drill);
  for (const { name } of drill.workload.components)
    if (!protectedNames.includes(name))
      notTested.push({ what: name, why: 'the drill has no backup path for it, or it was left out with --only' });
  for (const [component, path] of Object.entries(drill.paths)) {
    const lost = path.protects === 'volume' ? notKept(path.promises) : [];
    if (lost.length > 0)
      notTested.push({
        what: `${lost.join(', ')} of the files in ${component}`,
        why: `${path.name} does not keep them`,
      });
    for (const folder of path.promises.leavesOut)
      notTested.push({
        what: `${component}/${folder}`,
        why: `left out of ${path.name}: the workload makes it again, which takes time that no RTO here counts`,
      });
  }
}

/** What a path does without because the substrate has none of it. */
async function listUnused({ drill, notTested }: RunState, { snapshots }: Substrate): Promise<void> {
  const users = Object.entries(drill.paths).filter(([, { uses }]) => uses?.includes('snapshots'));
  const why = users.length > 0 ? await whyNoSnapshots(snapshots) : undefined;
  if (why === undefined) return;
  for (const [component, { name }] of users)
    notTested.push({
      what: `a snapshot of ${component}, for ${name} to read`,
      why: `${why} ${name} read it as it lived`,
    });
}
