import type { Job, JobReport } from './job.ts';
import type { ListedFile, VouchedFile } from './manifest.ts';
import type { PathContext, PathFacts, Receipt } from './path.ts';
import type { Secret } from './secret.ts';
import type { KeptSnapshot, OpenedSnapshot } from './snapshots.ts';
import type { PostgresNeeds } from './substrate.ts';
import type { ComponentKind, Database, ServiceSlot, Volume, World } from './target.ts';

/** Where a component of each kind comes to lie: an empty volume, or a server that meets what the backup needs. */
interface SourceTargetOf {
  volume: Volume;
  postgres: (needs: PostgresNeeds) => Promise<ServiceSlot<Database>>;
}

/** A folder of this machine as jobs see it. */
export interface SeenFolder {
  readonly path: string;
  /** What a job has to mount to see it there, to read. */
  readonly volumes: Job['volumes'];
}

/** A VolumeSnapshot as jobs see it. */
export interface SeenSnapshot extends SeenFolder, Omit<OpenedSnapshot, 'volume'> {}

/** Everything that a source may use: it reads where the user's backup is, and writes only to what the run has made. */
export interface SourceContext<Kind extends keyof SourceTargetOf>
  extends Pick<PathContext, 'component' | 'choose' | 'run' | 'secret'> {
  readonly target: SourceTargetOf[Kind];
  /** What was restored before this component. */
  readonly restored: World;
  /** Notes what the backup lists, when only a part of it is restored: the rest is judged by its name and size. */
  listed(files: readonly ListedFile[]): Promise<void>;
  /** Notes what lists of digests that lie with the files say of them, in no order; of two lists the younger one counts. */
  vouched(files: AsyncIterable<VouchedFile>): Promise<void>;
  /** A volume of the run to put things into on the way, such as a dump that must be read before it is loaded. */
  volume(name: string): Promise<Volume>;
  /** Does a part of the load that no tool does: it is timed as one. */
  load<T>(what: string, work: () => Promise<T>): Promise<T>;
  /** Does what is no part of a restore, such as making the backup: the clock of the RTO stands meanwhile. */
  aside<T>(work: () => Promise<T>): Promise<T>;
  /** Where jobs find a folder of this machine. */
  folder(path: string): Promise<SeenFolder>;
  /** Where jobs find a VolumeSnapshot that somebody keeps; a substrate whose storage has none refuses. */
  snapshot(kept: KeptSnapshot): Promise<SeenSnapshot>;
  /** How many bytes of disk there are for it, where somebody has set a limit. */
  readonly room?: number;
}

/** What opening a backup needs, before there is a place to restore it to. */
export type OpeningContext = Omit<SourceContext<'volume'>, 'target'>;

/** Some of the files that a backup lists. */
export interface Part {
  /** Sorted as UTF-8 bytes. */
  readonly paths: readonly string[];
  /** When they are all that is listed between two others: those, where there are any. */
  readonly between?: { readonly before: string | undefined; readonly after: string | undefined };
}

/** A backup of files that has been looked into, and whose files can be had some at a time. */
export interface PartedBackup {
  /** Which backup it is: a snapshot's id, a URL, a folder, an archive. */
  readonly id: string;
  /** What finds this very backup again when a newer one is there, such as `{ snapshot: … }`. */
  readonly pins: Readonly<Record<string, string>>;
  /** Volumes of its own that stay as long as it is used. */
  readonly keeps: readonly Volume[];
  /** The files that it lists, in no order. */
  list(): AsyncIterable<ListedFile>;
  /** Restores some of them; a part that fails may have come in part. */
  fetch(part: Part, into: Volume): Promise<JobReport>;
  receipt(reports: readonly JobReport[]): Promise<Receipt>;
}

/** A backup that the user has made, opened read-only. */
export interface BackupSource<Kind extends keyof SourceTargetOf = keyof SourceTargetOf> extends PathFacts<Kind> {
  /** What opens it; masked in whatever is written. */
  readonly secrets: readonly Secret[];
  /** Finds the backup that is asked for and restores it; gives what it was, its `startedAt` being when it was made. */
  restore(context: SourceContext<Kind>): Promise<Receipt>;
  /** Looks at what lies around the backup that was restored, and adds it to what that was; it is no part of the restore, and never fails. */
  afterwards?(context: OpeningContext, receipt: Receipt): Promise<Receipt>;
  /** Opens a backup of files to be restored in parts; left out by what can only be restored as a whole. */
  inParts?(context: OpeningContext): Promise<PartedBackup>;
}

/** A source of any kind: what a rehearsal's record of paths holds. */
export type AnyBackupSource = { [Kind in SourceKind]: BackupSource<Kind> }[SourceKind];

export type SourceKind = Extract<ComponentKind, keyof SourceTargetOf>;
