import type { Absence } from '../model/disaster.ts';
import type { AnyDrill, Drill } from '../model/drill.ts';
import type { TableKeys } from '../model/kind.ts';
import type { PathPromises, Receipt } from '../model/path.ts';
import type { ComponentRto, Failure, Phase, RunType, Timing } from '../model/result.ts';
import type { HostFacts, Substrate } from '../model/substrate.ts';
import type { Bucket, World } from '../model/target.ts';
import type { PlaceRecord, ReadOnlyGateway } from '../model/watch.ts';
import type { NotTested, Readiness } from '../model/workload.ts';
import type { Journal } from './journal.ts';
import type { Ledger } from './ledger.ts';
import type { RunFolder } from './run-folder.ts';
import type { Scope } from './scope.ts';
import type { SecretStore } from './secret-store.ts';

/** What is told while a run goes on, for whoever shows it. */
export interface RunListener {
  phaseStarted(phase: Phase): void;
  phaseEnded(phase: Phase, seconds: number, ok: boolean, summary: string): void;
  /** A short line on what is being done now. */
  step(text: string): void;
}

/** Everything that a run knows of itself while it goes on. Phases fill it in; judging only reads it. */
export interface RunState<D extends AnyDrill = Drill> {
  readonly id: string;
  readonly type: RunType;
  /** Without the components that the substrate cannot hold, as soon as it is known. */
  drill: D;
  readonly folder: RunFolder;
  readonly journal: Journal;
  readonly secrets: SecretStore;
  readonly scope: Scope;
  readonly signal: AbortSignal;
  readonly listener: RunListener;
  readonly openSubstrate: () => Promise<Substrate>;
  readonly startedAt: Date;
  readonly timings: Timing[];
  readonly failures: Failure[];
  readonly notTested: NotTested[];
  readonly phases: Record<string, { startedAt: string; endedAt: string }>;
  phase: Phase;
  substrate?: Substrate;
  host?: HostFacts;
  facts: Record<string, string | number>;
  bucket?: Bucket;
  vault?: World;
  world?: World;
  ledger?: Ledger;
  /** Keys of the tables of each database, as they were before the backup. */
  readonly tableKeys: Map<string, TableKeys>;
  receipts: Receipt[];
  retained?: Record<string, string[]>;
  struck: string[];
  /** What the disaster says that it destroyed. */
  destroyed?: readonly string[];
  absences: Absence[];
  restored?: World;
  /** The version of the workload that the data itself tells of, when the drill could not know it. */
  foundVersion?: string;
  /** The files that were kept of a component that came and went in batches; its evidence was recorded on the way. */
  readonly kept: Map<string, ReadonlySet<string>>;
  /** What it has done so far is on record, and `drill resume` can go on with it. */
  resumable?: boolean;
  /** Components whose restore failed and left something behind that can be looked at. */
  halfRestored: string[];
  /** Everything that was struck has been restored, so that a server can be started on it. */
  wholeAgain: boolean;
  identities: { component: string; before: string; after: string }[];
  componentRto: Record<string, ComponentRto>;
  /** What had to be made before anything could be restored, and how long that took. */
  place?: { readonly name: string; readonly seconds: number };
  readySeconds: number | null;
  ready?: Readiness;
  stored?: Record<string, string>;
  /** Places of backups that are read from, as they were listed. */
  places?: readonly PlaceRecord[];
  /** Servers of the run before the servers of the backups. */
  gateways?: readonly ReadOnlyGateway[];
  leaks?: { secret: string; object: string }[];
}

/** The state of a run of any kind of drill. */
export type AnyRunState = RunState<AnyDrill>;

/** The components that the drill protects, in the order of its workload. */
export function protectedComponents(drill: AnyDrill): string[] {
  return drill.workload.components.map(({ name }) => name).filter((name) => drill.paths[name]);
}

/** The promises of the paths, by component. */
export function promisesOf(drill: AnyDrill): Record<string, PathPromises> {
  return Object.fromEntries(Object.entries(drill.paths).map(([component, path]) => [component, path.promises]));
}

/** The keys of the tables of a database, empty until it is observed first. */
export function keysOf(state: AnyRunState, component: string): TableKeys {
  const keys = state.tableKeys.get(component) ?? new Map();
  state.tableKeys.set(component, keys);
  return keys;
}

/** What a phase has left for the next; a gap is a fault of the engine. */
export function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the phase that makes ${what} has not run`);
  return value;
}
