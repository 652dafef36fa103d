import type { Capability } from './capability.ts';
import type { Check } from './check.ts';
import type { Disaster } from './disaster.ts';
import type { AnyBackupPath, PathFacts, Retention } from './path.ts';
import type { WorkloadServer } from './server.ts';
import type { AnyBackupSource } from './source.ts';
import type { WatchedPlace } from './watch.ts';
import type { FoundWorkload, RestoredWorkload, Workload } from './workload.ts';

/** RTO and RPO to be met, as durations such as `2h` or `30m`. */
export interface Objective {
  readonly rto?: string;
  readonly rpo?: string;
}

export interface Objectives extends Objective {
  readonly components?: Readonly<Record<string, Objective>>;
}

/** What every run must know of what it does, whether it makes the backups itself or finds them. */
export interface AnyDrill {
  readonly name: string;
  /** One sentence: what a pass proves. */
  readonly claim: string;
  readonly workload: RestoredWorkload;
  readonly paths: Readonly<Record<string, PathFacts>>;
  /** Left out where nothing is destroyed. */
  readonly disaster?: Disaster;
  readonly objectives?: Objectives;
  /** Folders of this machine that are read, in which nothing of the run may come to lie. */
  readonly readsFrom?: readonly string[];
  /** Whether VolumeSnapshots are read that were there before. */
  readonly readsSnapshots?: boolean;
  /** Ports of servers outside that are read from. */
  readonly readsOver?: readonly number[];
  /** The places that are read from, to be listed before and after. */
  readonly watches?: readonly WatchedPlace[];
  /** More checks than the workload brings. */
  readonly checks?: readonly Check[];
}

/** Where something is reached over a network. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Plain data on backups that somebody else has made: they are restored and judged; nothing is seeded or destroyed. */
export interface Rehearsal extends AnyDrill {
  readonly workload: FoundWorkload;
  /** Where the backup of each component is. */
  readonly paths: Readonly<Record<string, AnyBackupSource>>;
  readonly readsFrom: readonly string[];
  /** The servers that the backups of components are on, for a look whether they answer at all. */
  readonly servers?: Readonly<Record<string, Address>>;
  /** Restores files in batches that come and go, for a disk that does not hold all of them. */
  readonly batches?: Batches;
}

/** How files are restored that do not fit on the disk at once. */
export interface Batches {
  /** The component whose files they are; it is restored after the others. */
  readonly component: string;
  /** How much the run may have on the disk at once: servers, dumps and a batch. */
  readonly maxDiskBytes: number;
  /** How many files are restored together at most. */
  readonly maxFiles: number;
  /** What the run was asked for, for whoever goes on with it. */
  readonly asked: Readonly<Record<string, unknown>>;
  /** The run that was cut short and that this one goes on with. */
  readonly resumes?: { readonly id: string; readonly folder: string };
}

/** What is restored is read, a newer version is started on it, and when that serves all is read again. */
export interface UpgradeRehearsal extends Rehearsal {
  /** `server` is the newer version, and `ready` asks it. */
  readonly workload: FoundWorkload & { readonly server: WorkloadServer };
  /** The newer version as far as its name tells; empty when only its data will. */
  readonly toVersion: string;
}

/** Plain data that names everything a run does. */
export interface Drill extends AnyDrill {
  readonly workload: Workload;
  /** A path for every component to be protected; the others are listed as not tested. */
  readonly paths: Readonly<Record<string, AnyBackupPath>>;
  readonly disaster: Disaster;
  /** The order of the backups, where it is not the one that the workload recommends. */
  readonly backupOrder?: readonly string[];
  /** Older backup sets to make before the one that is restored, as ages such as `40d`, for retention to sort out. */
  readonly olderSets?: readonly string[];
  readonly retention?: Retention;
}

/** Gives a drill its type; that it makes sense is checked when it is loaded. */
export function defineDrill(drill: Drill): Drill {
  return drill;
}

/** What a substrate must have for a drill, each with what asks for it, such as `the disaster lose-cluster`. */
export function needsOf(drill: Drill): { readonly capability: Capability; readonly who: string }[] {
  const paths = Object.entries(drill.paths).flatMap(([component, { name, needs = [] }]) =>
    needs.map((capability) => ({ capability, who: `the path ${name} of ${component}` })),
  );
  const { name, needs = [] } = drill.disaster;
  return [...paths, ...needs.map((capability) => ({ capability, who: `the disaster ${name}` }))];
}
