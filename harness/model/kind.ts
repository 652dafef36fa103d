import type { Program } from './job.ts';
import type { ObservationKind, ObservationKinds } from './manifest.ts';
import type { PathPromises } from './path.ts';
import type { Substrate } from './substrate.ts';
import type { ComponentKind, RestoreTargetOf, TargetFor } from './target.ts';

/** Columns of the primary keys of tables, as they were first seen: what is kept of a component from one look to the next. */
export type TableKeys = Map<string, readonly string[]>;

/** Writes one list of what was seen into the evidence; gives the number of its entries. */
export type Recorder = <Kind extends ObservationKind>(
  kind: Kind,
  items: AsyncIterable<ObservationKinds[Kind]> | Iterable<ObservationKinds[Kind]>,
) => Promise<number>;

/** Reads one list of the evidence; undefined when it was not completely observed. */
export type Lister = <Kind extends ObservationKind>(kind: Kind) => AsyncIterable<ObservationKinds[Kind]> | undefined;

/** What a component is made of: how one is made, looked at and missed. */
export interface Kind<Name extends ComponentKind = ComponentKind> {
  readonly name: Name;
  /** What people call one: `volume`, `database`. */
  readonly noun: string;
  /** The list that its marks and its losses are told by. */
  readonly holds: 'files' | 'rows' | 'keys' | 'resources';
  /** Programs that serve one on this machine. */
  readonly programs: readonly Program[];
  /** A backup of it sees one moment in time; tools that walk a folder see each file at another. */
  readonly isSeenAtOnce: boolean;
  /** It lives in a cluster that the drill has made, and nowhere else. */
  readonly needsCluster: boolean;
  /** Makes the one before the disaster: empty, served and ready; `workload` names what it is for. */
  make(substrate: Substrate, name: string, workload: string): Promise<TargetFor<Name>>;
  /** Makes the place that a restore goes to, never used before. */
  place(substrate: Substrate, name: string, workload: string): Promise<RestoreTargetOf[Name]>;
  /** Records all that it holds; gives the number of things seen. `keys` is kept from one look to the next. */
  observe(target: TargetFor<Name>, record: Recorder, keys: TableKeys): Promise<number>;
  /** The same as far as it can be judged when nobody has looked before the backup; left out when nothing can. */
  observeFound?(target: TargetFor<Name>, record: Recorder): Promise<number>;
  /** What its ledger marks name, as it was recorded; undefined when that was not completely observed. */
  marks(list: Lister): AsyncIterable<string> | undefined;
  /** What a path by its nature does not bring back of it, in words; empty when it keeps all. */
  attributesLost(promises: PathPromises): string[];
  /** Whether a restore that failed has brought anything back that can be looked at; left out when it cannot be. */
  holdsSomething?(target: TargetFor<Name>): Promise<boolean>;
  /** Plain values of secrets that lie in it, to be masked and looked for. */
  secretsIn?(target: TargetFor<Name>): Promise<readonly { readonly name: string; readonly value: string }[]>;
}
