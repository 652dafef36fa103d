import { given, type Opened, type Part, substrateOf } from '../../engine/made.ts';
import { jobContext } from '../../engine/path-context.ts';
import { addSteps, type Spent, timeRestore } from '../../engine/phases/restore-each.ts';
import type { Run } from '../../engine/run.ts';
import { timed, timedSlot } from '../../engine/timed.ts';
import type { Rehearsal } from '../../model/drill.ts';
import { compareBytes, type VouchedFile } from '../../model/manifest.ts';
import type { Receipt } from '../../model/path.ts';
import type { AnyBackupSource, OpeningContext } from '../../model/source.ts';
import type { Database, ServiceSlot, Volume, World } from '../../model/target.ts';
import { throughGateways } from '../gateway/through-gateways.ts';
import { probeSource } from './probe-servers.ts';
import { requireNeeds } from './require-needs.ts';
import { seenFolder, seenSnapshot } from './seen-folder.ts';
import { sortedListing } from './sorted-listing.ts';

/** What a component has come to while it is restored, which outlives an error on the way. */
export interface Attempt {
  volume?: Volume;
  slot?: ServiceSlot<Database>;
  /** Volumes that the source has asked for on the way. */
  readonly onTheWay: Volume[];
  /** Called once there is a volume, before anything is restored into it. */
  readonly onVolume?: (volume: Volume) => void;
  /** How many bytes of disk there are, where that is limited. */
  readonly room?: number;
  /** Called once a server runs, before anything is loaded into it. */
  readonly onServer?: (database: Database) => Promise<void>;
}

/** What a backup is opened for. */
interface Opening {
  /** What was restored before. */
  readonly restored: World;
  readonly attempt: Attempt;
  /** Gets what the steps take. */
  readonly spent?: Spent;
}

/** What a source may use to open a backup of a component; what its steps take is added to `spent`. */
export function openingContext(
  run: Run,
  { opened, watched }: Part<'opened' | 'watched'>,
  component: string,
  { restored, attempt: { onTheWay, room }, spent = { fetch: 0, load: 0, aside: 0 } }: Opening,
): OpeningContext {
  const substrate = substrateOf(opened);
  const jobs = jobContext(run, opened, component);
  return {
    ...jobs,
    restored,
    secret: (name) => run.secrets.secret(`${component}-${name}`),
    load: async (what, work) => {
      const startedMs = performance.now();
      const name = `${component}.${what}`;
      run.listener.step(name);
      try {
        return await timed(run, { name, component, kind: 'job' }, work);
      } finally {
        spent.load += (performance.now() - startedMs) / 1000;
      }
    },
    aside: (work) => setAside(spent, work),
    folder: (path) => seenFolder(substrate, path),
    snapshot: (kept) => seenSnapshot(substrate, kept),
    listed: async (files) => {
      const sorted = files.toSorted((a, b) => compareBytes(a.path, b.path));
      await run.folder.record('after', component, 'listed', sorted);
    },
    vouched: async (files) => {
      const sorted = sortedListing(files, run.folder.path);
      await run.folder.record('after', component, 'vouched', youngestOfEach(sorted));
    },
    volume: async (name) => {
      const volume = await substrate.volume(`${component}-${name}`);
      onTheWay.push(volume);
      return volume;
    },
    run: async (job) => {
      const report = await jobs.run(throughGateways(job, watched.gateways ?? [], (made) => run.secrets.add(made)));
      addSteps(spent, report);
      return report;
    },
    ...(room !== undefined && { room }),
  };
}

/** Restores the backup of one component to a new place, timed. */
export async function restoreOne(
  run: Run,
  made: Part<'opened' | 'watched', 'restored', Rehearsal>,
  component: string,
  attempt: Attempt,
): Promise<Receipt> {
  const { opened } = made;
  const source = given(opened.drill.paths[component], `the source of ${component}`);
  await probeSource(run, made, component);
  const restored = given(made.restored.world, 'the restored world');
  const piece = { name: `${component} from ${source.name}`, component };
  const receipt = await timeRestore(run, made.restored, piece, (spent) => {
    const common = openingContext(run, made, component, { restored, attempt, spent });
    return restoreWith(run, opened, source, common, attempt);
  });
  if (!source.afterwards) return receipt;
  const around = openingContext(run, made, component, { restored, attempt });
  const told = await timed(run, { name: `around ${component}`, component }, async () =>
    source.afterwards?.(around, receipt),
  );
  run.signal.throwIfAborted();
  return told ?? receipt;
}

/** Of entries that are sorted by path, one for each. */
async function* youngestOfEach(sorted: AsyncIterable<VouchedFile>): AsyncGenerator<VouchedFile> {
  let kept: VouchedFile | undefined;
  for await (const one of sorted) {
    if (kept && kept.path !== one.path) yield kept;
    if (kept?.path !== one.path || one.listedAt > kept.listedAt) kept = one;
  }
  if (kept) yield kept;
}

/** Whatever steps the work has add nothing to the parts of the RTO. */
async function setAside<T>(spent: Spent, work: () => Promise<T>): Promise<T> {
  const { fetch, load } = spent;
  const startedMs = performance.now();
  try {
    return await work();
  } finally {
    Object.assign(spent, { fetch, load, aside: spent.aside + (performance.now() - startedMs) / 1000 });
  }
}

async function restoreWith(
  run: Run,
  opened: Readonly<Opened>,
  source: AnyBackupSource,
  common: OpeningContext,
  attempt: Attempt,
): Promise<Receipt> {
  const { component } = common;
  const substrate = substrateOf(opened);
  const name = `${component}-restored`;
  if (source.protects === 'volume') {
    attempt.volume = await substrate.volume(name);
    attempt.onVolume?.(attempt.volume);
    return await source.restore({ ...common, target: attempt.volume });
  }
  return await source.restore({
    ...common,
    target: async (needs) => {
      run.journal.write('needs', { component, needs });
      await substrate.choosePostgres?.(needs);
      const slot = timedSlot(
        run,
        component,
        await substrate.postgres(name, needs.database ?? opened.drill.workload.name, {
          smallWal: attempt.room !== undefined,
        }),
      );
      attempt.slot = {
        data: slot.data,
        start: async () => {
          const database = await requireNeeds(await slot.start(), needs);
          await attempt.onServer?.(database);
          return database;
        },
      };
      return attempt.slot;
    },
  });
}
