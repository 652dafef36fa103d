import type { Check } from './check.ts';
import type { FileEntry, InventoryLine, Reference, Sighting } from './manifest.ts';
import type { Endpoint, WorkloadServer } from './server.ts';
import type { ComponentKind, World } from './target.ts';

/** One part of a workload, with its own backup path and its own objectives. */
export interface Component {
  readonly name: string;
  readonly kind: ComponentKind;
  readonly title: string;
  /** Folders of a volume that the workload can make again; empty for other kinds. */
  readonly regenerable: readonly string[];
  /** YAML files of a volume that hold Kubernetes Secrets in plain: their values must never reach the backup store. */
  readonly secretFiles?: readonly string[];
  /** Tables of a database whose loss hurts nobody, such as the queue of a job runner. */
  readonly disposable?: readonly string[];
  /** Whether references and numbers are read from it; every Postgres does unless it says otherwise. */
  readonly holdsRows?: boolean;
  /** Tables of a database whose rows people call by the name of the table: `asset 7`, not `table asset row 7`. */
  readonly calledByName?: readonly string[];
  /** Names of files of a volume by which the workload knows a folder again: they must be there even where the rest is made anew. */
  readonly folderMarkers?: readonly string[];
}

/** How large, and by which seed: the same number gives the same bytes. All other numbers are the workload's own. */
export interface Scale {
  readonly seed: number;
  readonly [name: string]: number;
}

/** A number of the scale that may be given on the command line: `photoKib` as `--photo-kib`. */
export interface ScaleOption {
  readonly name: string;
  readonly help: string;
  /** The smallest that makes sense. */
  readonly least: number;
}

/** How the image of the real server is asked for: `photosImage` as `--photos-image`. */
export interface ImageOption {
  readonly name: string;
  readonly help: string;
  /** What is started without it, such as `the stand-in`. */
  readonly otherwise: string;
}

/** What was seeded, for the report: facts such as how vectors are stored, and what the world does not hold. */
export interface SeedReport {
  readonly facts: Readonly<Record<string, string | number>>;
  readonly notTested: readonly NotTested[];
}

/** Something that a run did not look at, and why. */
export interface NotTested {
  readonly what: string;
  readonly why: string;
}

/** Where one write of the ledger left its marks. */
export interface LedgerMark {
  readonly component: string;
  /** A path in a volume, `<table>/<primary key>` in a database, a key in Redis. */
  readonly key: string;
}

/** One time-stamped write while the workload lived. */
export interface LedgerEntry {
  readonly sequence: number;
  /** When it was begun: a write that was under way when a backup ended may be in it. Taken as `writtenAt` when left out. */
  readonly startedAt?: string;
  /** When the last of its marks was safely written. */
  readonly writtenAt: string;
  readonly marks: readonly LedgerMark[];
}

/** One look at whether the workload serves again. */
export interface Readiness {
  readonly ready: boolean;
  /** What answered, or what did not. */
  readonly saw: string;
  /** What the server says of its own version, such as `v3.1.0`, where it was asked and said so. */
  readonly version?: string;
  /** More time changes nothing: what is missing is data, which no start brings back. */
  readonly isFinal?: boolean;
}

/** What is protected, as far as any restore can tell: how it is observed and judged, wherever its data came from. */
export interface RestoredWorkload {
  readonly name: string;
  readonly version: string;
  /** Left out when the data was not made by the run. */
  readonly scale?: Scale;
  readonly components: readonly Component[];
  /** The order in which its own documentation says to restore. */
  readonly restoreOrder: readonly string[];
  readonly checks: readonly Check[];
  /** The files that rows say must exist, sorted by path as UTF-8 bytes. */
  references(world: World): AsyncIterable<Reference>;
  /** Numbers that people know of their library, sorted by label. */
  inventory(world: World): Promise<InventoryLine[]>;
  /** The server that is started on what was restored, and asked; without one the workload itself is all that is looked at. */
  readonly server?: WorkloadServer;
  /** Whether what was restored serves: what a user would do first. Called again until it is ready, never will be, or time is up. */
  ready(world: World, endpoint?: Endpoint): Promise<Readiness>;
}

/** What a workload finds out about data that it has not made. */
export interface Inspection {
  /** The version that wrote the data, such as `v3.1.0`; empty when nothing tells. */
  readonly version: string;
  readonly facts: Readonly<Record<string, string | number>>;
  /** What was counted, by name, for runs to come to compare with: `rows of album_asset`. */
  readonly numbers?: Readonly<Record<string, number>>;
  readonly notTested: readonly NotTested[];
  /** Sorted by id. */
  readonly sightings: readonly Sighting[];
}

/** A workload whose data somebody else has made: it must be looked at before anything is known of it. */
export interface FoundWorkload extends RestoredWorkload {
  /**
   * Looks at what was restored; `files` are those of the component as they were observed, where they were. When not all of
   * them are kept, `kept` tells those that are.
   */
  inspect(
    world: World,
    files: (component: string) => AsyncIterable<FileEntry> | undefined,
    kept?: ReadonlySet<string>,
  ): Promise<Inspection>;
  /** The files whose bytes it looks at beside their digests, for when not all are kept; asked before the files are there. */
  looksAt(world: World, files: AsyncIterable<FileEntry>): Promise<LookedAt>;
}

/** Files of one component by path, to be kept for a look. */
export interface LookedAt {
  /** In words, what must be kept: `the oldest photos and the markers`. */
  readonly neededWords: string;
  readonly needed: readonly string[];
  /** As many of these as there is room for. */
  readonly wanted: readonly string[];
}

/** What is protected: how it is made, written to, observed and judged. */
export interface Workload extends RestoredWorkload {
  readonly scale: Scale;
  /** The order in which its own documentation says to back up. */
  readonly backupOrder: readonly string[];
  /** What of the scale can be asked for. */
  readonly scaleOptions: readonly ScaleOption[];
  /** The number of the scale that counts what people count, and their word for it: `assets`. */
  readonly counted: string;
  /** The smallest size in which everything still occurs, for whoever makes many of them. */
  readonly smallest: Partial<Scale>;
  readonly imageOption?: ImageOption;
  /** The same workload with an image of its real server. */
  servedBy?(image: string): Workload;
  /** What disasters are told of it when they are only named, by their names: `{ 'drop-table': { table: 'note' } }`. */
  readonly disasterOptions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The same workload in another size. */
  resized(scale: Partial<Scale>): Workload;
  /** About how much room one copy of everything takes, and how many files that is. */
  estimate(): { readonly sizeBytes: number; readonly files: number };
  seed(world: World, progress: (done: number, total: number) => void): Promise<SeedReport>;
  /** One write as a user would make it, in all components that live writes go to. */
  write(world: World, sequence: number): Promise<readonly LedgerMark[]>;
}
