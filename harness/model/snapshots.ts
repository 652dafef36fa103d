import { DrillError } from './error.ts';
import type { Database, Volume } from './target.ts';

/** A copy of a volume at one moment, which the storage itself keeps. A claim, never a proof. */
export interface Snapshot {
  /** How it is found again; differs for every snapshot ever made. */
  readonly id: string;
  /** The class that it was taken with, and the driver and its version or name that took it. */
  readonly class: string;
  readonly driver: string;
  /** What a volume made from it has to hold, as the storage says: `10Gi`. */
  readonly size: string;
}

/** A VolumeSnapshot that somebody keeps in a namespace of theirs: by its name, or the newest of a claim. */
export interface KeptSnapshot {
  readonly namespace: string;
  readonly name?: string | undefined;
  readonly claim?: string | undefined;
}

/** What such a snapshot holds, as a volume of the run that is only read. */
export interface OpenedSnapshot {
  readonly volume: Volume;
  /** `namespace/name` of the snapshot that was taken. */
  readonly id: string;
  /** When the storage took it, as an ISO time. */
  readonly takenAt: string;
  /** A younger one of the same claim that cannot be restored from, and why. */
  readonly passedOver?: string;
}

/** What a substrate offers whose storage can copy a volume at one moment. */
export interface Snapshots {
  /** Makes sure that snapshots can be taken, with that class if one is named; the error says what is missing. */
  check(snapshotClass?: string): Promise<void>;
  /** Copies a volume, or the data of a server that goes on running; gives the copy when a restore can start from it. */
  take(source: Volume | Database, snapshotClass?: string): Promise<Snapshot>;
  /** Makes a volume that nothing has used yet out of a snapshot. That the snapshot is gone is the backup's fault. */
  fill(target: Volume, id: string): Promise<void>;
  /** Makes a volume of its own out of a snapshot, to read from. */
  open(id: string): Promise<Volume>;
  /** Makes a volume out of a snapshot of somebody else, in whatever namespace; neither it nor what it was taken of changes. */
  openKept(kept: KeptSnapshot): Promise<OpenedSnapshot>;
  /** Whether it is there and could be restored from, asked afresh. */
  has(id: string): Promise<boolean>;
  remove(id: string): Promise<void>;
}

/** Why no snapshots can be taken of volumes that come without being asked for; undefined when they can. */
export async function whyNoSnapshots(snapshots: Snapshots | undefined): Promise<string | undefined> {
  if (!snapshots) return 'this machine has no snapshot storage';
  try {
    await snapshots.check();
    return undefined;
  } catch (error) {
    // What somebody has set up wrong is told, and what went wrong is no answer.
    if (error instanceof DrillError && error.blame === 'environment') return error.what;
    throw error;
  }
}
