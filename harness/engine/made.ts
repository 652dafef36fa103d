import type { Absence } from '../model/disaster.ts';
import type { AnyDrill } from '../model/drill.ts';
import type { TableKeys } from '../model/kind.ts';
import type { Receipt } from '../model/path.ts';
import type { ComponentRto } from '../model/result.ts';
import type { HostFacts, Substrate } from '../model/substrate.ts';
import type { Bucket, Volume, World } from '../model/target.ts';
import type { PlaceRecord, ReadOnlyGateway } from '../model/watch.ts';
import type { Readiness } from '../model/workload.ts';
import type { Ledger } from './ledger.ts';

/** Of preflight: where the run goes on, and what of the drill can be done there. */
export interface Opened<D extends AnyDrill = AnyDrill> {
  /** Without the components that the substrate cannot hold, as soon as it is known. */
  drill: D;
  substrate?: Substrate;
  host?: HostFacts;
}

/** What lies outside of the world that a disaster strikes. */
export interface Store {
  readonly bucket: Bucket;
  readonly vault: Volume;
}

/** Of provision: the world before the disaster, and where its backups go. */
export interface Provisioned {
  world?: World;
  store?: Store;
  /** What tells each component from any other of its name. */
  readonly identities: Map<string, string>;
}

/** Of a look at the places of somebody's backups: how they were before. */
export interface Watched {
  places?: readonly PlaceRecord[];
  /** Servers of the run before the servers of the backups. */
  gateways?: readonly ReadOnlyGateway[];
  /** Servers of the backups that do not answer, as `nas:9000`, and what they do instead. */
  silent?: ReadonlyMap<string, string>;
}

/** Of the record: the keys of the tables of each component, as they were before the backup. */
export interface Recorded {
  readonly keys: Map<string, TableKeys>;
}

/** Of the backup, while users go on writing. */
export interface BackedUp {
  ledger?: Ledger;
  receipts: readonly Receipt[];
  retained?: Record<string, string[]>;
}

/** Of the strike, and of the proof that it struck. */
export interface Struck {
  components: readonly string[];
  /** What the disaster says that it destroyed. */
  destroyed?: readonly string[];
  readonly absences: Absence[];
}

/** Of the restore, component by component. */
export interface Restored {
  world?: World;
  /** Components that have come back. */
  readonly whole: string[];
  /** Components whose restore failed and left something behind that can be looked at. */
  readonly half: string[];
  /** What tells each that came back, in whole or in part, from what it was before. */
  readonly identities: Map<string, string>;
  /** Nothing is missing, so that a server can be started on it. */
  isComplete: boolean;
  /** What was restored from that nobody here has backed up. */
  readonly receipts: Receipt[];
  readonly rto: Record<string, ComponentRto>;
  /** What had to be made before anything could be restored, and how long that took. */
  place?: { readonly name: string; readonly seconds: number };
  /** The way to the store from there. */
  store?: Store;
  /** The files that were kept of a component that came and went in batches; its evidence was recorded on the way. */
  readonly kept: Map<string, ReadonlySet<string>>;
  /** What it has done so far is on record, and `drill resume` can go on with it. */
  isResumable: boolean;
  ready?: Readiness;
  readySeconds: number | null;
}

/** Of the look at what was restored, beside the evidence itself. */
export interface Observed {
  /** The version of the workload that the data itself tells of, when the drill could not know it. */
  version?: string;
  stored?: Record<string, string>;
  leaks?: readonly { secret: string; object: string }[];
}

/**
 * What each phase has made, one record a phase: it fills its own as it goes, so that a phase that fails half-way leaves
 * what it came to, and later ones and the judge read it.
 */
export interface Made<D extends AnyDrill = AnyDrill> {
  readonly opened: Opened<D>;
  readonly provisioned: Provisioned;
  readonly watched: Watched;
  readonly recorded: Recorded;
  readonly backedUp: BackedUp;
  readonly struck: Struck;
  readonly restored: Restored;
  readonly observed: Observed;
}

/** The records that a phase reads, and those that it fills. */
export type Part<Read extends keyof Made, Fill extends keyof Made = never, D extends AnyDrill = AnyDrill> = {
  readonly [Name in Read]: Readonly<Made<D>[Name]>;
} & Pick<Made<D>, Fill>;

/** Nothing yet. */
export function nothingMade<D extends AnyDrill>(drill: D): Made<D> {
  return {
    opened: { drill },
    provisioned: { identities: new Map() },
    watched: {},
    recorded: { keys: new Map() },
    backedUp: { receipts: [] },
    struck: { components: [], absences: [] },
    restored: {
      ...{ whole: [], half: [], isComplete: false, receipts: [], identities: new Map(), rto: {} },
      ...{ kept: new Map(), isResumable: false, readySeconds: null },
    },
    observed: {},
  };
}

/** What a phase has left for the next; a gap is a fault of the engine. */
export function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the phase that makes ${what} has not run`);
  return value;
}

/** The substrate, once preflight has opened it. */
export function substrateOf({ substrate }: Readonly<Opened>): Substrate {
  return given(substrate, 'the substrate');
}

/** Where the backups lie, by the way that there is now. */
export function storeOf({ provisioned, restored }: Part<'provisioned' | 'restored'>): Store {
  return restored.store ?? given(provisioned.store, 'the backup store');
}

/** The keys of the tables of a component, empty until it is observed first. */
export function keysOf({ keys }: Recorded, component: string): TableKeys {
  const known = keys.get(component) ?? new Map();
  keys.set(component, known);
  return known;
}
