import { jobContext } from '../../engine/path-context.ts';
import { addSteps } from '../../engine/phases/restore.ts';
import { type AnyRunState, given, type RunState } from '../../engine/run-state.ts';
import { timed, timedSlot } from '../../engine/timed.ts';
import type { Rehearsal } from '../../model/drill.ts';
import { compareBytes } from '../../model/manifest.ts';
import type { Receipt } from '../../model/path.ts';
import type { AnyBackupSource, OpeningContext } from '../../model/source.ts';
import type { Database, ServiceSlot, Volume, World } from '../../model/target.ts';
import { throughGateways } from '../gateway/through-gateways.ts';
import { probeServer } from './probe-server.ts';
import { requireNeeds } from './require-needs.ts';
import { seenFolder } from './seen-folder.ts';

/** What a component has come to while it is restored, which outlives an error on the way. */
export interface Attempt {
  volume?: Volume;
  slot?: ServiceSlot<Database>;
  /** Volumes that the source has asked for on the way. */
  readonly onTheWay: Volume[];
  /** How many bytes of disk there are, where that is limited. */
  readonly room?: number;
  /** Called once a server runs, before anything is loaded into it. */
  readonly onServer?: (database: Database) => Promise<void>;
}

/** What a source may use to open a backup of a component; what its steps take is added to `spent`. */
export function openingContext(
  state: AnyRunState,
  component: string,
  restored: World,
  { onTheWay, room }: Attempt,
  spent = { fetch: 0, load: 0 },
): OpeningContext {
  const substrate = given(state.substrate, 'the substrate');
  const jobs = jobContext(state, component);
  return {
    ...jobs,
    restored,
    secret: (name) => state.secrets.secret(`${component}-${name}`),
    load: async (what, work) => {
      const startedMs = performance.now();
      const name = `${component}.${what}`;
      state.listener.step(name);
      try {
        return await timed(state, { name, component, kind: 'job' }, work);
      } finally {
        spent.load += (performance.now() - startedMs) / 1000;
      }
    },
    folder: (path) => seenFolder(substrate, path),
    listed: async (files) => {
      const sorted = files.toSorted((a, b) => compareBytes(a.path, b.path));
      await state.folder.record('after', component, 'listed', sorted);
    },
    volume: async (name) => {
      const volume = await substrate.volume(`${component}-${name}`);
      onTheWay.push(volume);
      return volume;
    },
    run: async (job) => {
      const report = await jobs.run(throughGateways(job, state.gateways ?? [], (made) => state.secrets.add(made)));
      addSteps(spent, report);
      return report;
    },
    ...(room !== undefined && { room }),
  };
}

/** Restores the backup of one component to a new place, timed. */
export async function restoreOne(
  state: RunState<Rehearsal>,
  component: string,
  restored: World,
  attempt: Attempt,
): Promise<Receipt> {
  const source = given(state.drill.paths[component], `the source of ${component}`);
  await probeSource(state, component);
  const spent = { fetch: 0, load: 0 };
  const common = openingContext(state, component, restored, attempt, spent);
  const startedMs = performance.now();
  return await timed(state, { name: `${component} from ${source.name}`, component }, async () => {
    const receipt = await restoreWith(state, source, component, common, attempt);
    const seconds = (performance.now() - startedMs) / 1000;
    state.componentRto[component] = {
      seconds,
      objectiveSeconds: null,
      phases: { provision: Math.max(0, seconds - spent.fetch - spent.load), ...spent, ready: 0 },
    };
    return receipt;
  });
}

/** From a cluster other servers can be reached than from here. */
export async function probeSource({ drill, substrate, signal }: RunState<Rehearsal>, component: string): Promise<void> {
  const address = drill.servers?.[component];
  if (address && substrate?.name === 'local') await probeServer(component, address, { signal });
}

async function restoreWith(
  state: RunState<Rehearsal>,
  source: AnyBackupSource,
  component: string,
  common: OpeningContext,
  attempt: Attempt,
): Promise<Receipt> {
  const substrate = given(state.substrate, 'the substrate');
  const name = `${component}-restored`;
  if (source.protects === 'volume') {
    attempt.volume = await substrate.volume(name);
    return await source.restore({ ...common, target: attempt.volume });
  }
  return await source.restore({
    ...common,
    target: async (needs) => {
      state.journal.write('needs', { component, needs });
      await substrate.choosePostgres?.(needs);
      const slot = timedSlot(
        state,
        component,
        await substrate.postgres(name, needs.database ?? state.drill.workload.name, {
          thrifty: attempt.room !== undefined,
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
