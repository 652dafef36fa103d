import type { Capability } from './capability.ts';
import type { Job, JobReport, Program } from './job.ts';
import type { Secret } from './secret.ts';
import type { Snapshots } from './snapshots.ts';
import type { Bucket, ComponentKind, RestoreTargetOf, TargetFor, Volume } from './target.ts';

/** What a backup path claims to have made. A claim, never a proof. */
export interface Receipt {
  readonly path: string;
  readonly component: string;
  /** How the path finds this backup again: a snapshot id, an object key. */
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly tools: readonly { readonly program: string; readonly version: string }[];
  /** The objects that it wrote and that must still be there, where the path knows them one by one. */
  readonly objects: readonly { readonly key: string; readonly sizeBytes: number; readonly sha256: string }[];
  /** Whatever else the path needs for its restore, or wants to be read by people. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
  /** Backups from before this one that lie beside it, which were not restored: witnesses of what there was. */
  readonly earlier?: readonly EarlierBackup[];
}

/** What a backup from before says without being restored. */
export interface EarlierBackup {
  /** As the place names it. */
  readonly file: string;
  readonly madeAt: string;
  /** How many rows each table had, without the schema where that is `public`; empty where it could not be read. */
  readonly rows: Readonly<Record<string, number>>;
}

/** What a path keeps and leaves out. Checks hold it to this, and reports list the rest as not tested. */
export interface PathPromises {
  /** What of a file comes back beside its bytes and name. */
  readonly keeps: {
    readonly mode: boolean;
    readonly owner: boolean;
    readonly mtime: boolean;
    readonly emptyFolders: boolean;
  };
  /** Folders, relative to the volume, that are left out because the workload can make them again. */
  readonly leavesOut: readonly string[];
  /** Writes must stop while it runs, because it does not see one moment in time. */
  readonly quiesce: boolean;
  /** Storage classes that claims get instead of their own, by the name of their own. */
  readonly storageClasses?: Readonly<Record<string, string>>;
}

/** Everything that a path may use; it sees neither the substrate nor the disk. */
export interface PathContext {
  readonly component: string;
  readonly bucket: Bucket;
  /** What the operator keeps apart from workload and store, and has after any disaster: key files. */
  readonly vault: Volume;
  /** Where the storage can take them; always there for a path that says that it needs them. */
  readonly snapshots?: Snapshots;
  /** The time that this backup is filed under. */
  readonly at: Date;
  /** What the workload is called, and its version, for names and records. */
  readonly workloadName: string;
  readonly workloadVersion: string;
  /** Names of files by which the workload knows a folder again: they stay even where all else in it is left out. */
  readonly folderMarkers: readonly string[];
  /** Made per run and component on first use; the same name gives the same secret. */
  secret(name: string): Secret;
  /** The first of the programs that is at hand without installing; otherwise the first that can be installed. */
  choose(...programs: Program[]): Promise<Program>;
  run(job: Job): Promise<JobReport>;
}

export interface BackupContext<Kind extends ComponentKind> extends PathContext {
  readonly source: TargetFor<Kind>;
}

export interface RestoreContext<Kind extends ComponentKind> extends PathContext {
  readonly receipt: Receipt;
  readonly target: RestoreTargetOf[Kind];
}

/** How many backups to keep: the newest, and the newest of each of the last days, weeks and months. */
export interface Retention {
  readonly last?: number;
  readonly daily?: number;
  readonly weekly?: number;
  readonly monthly?: number;
}

/** What is known of a way to restore one component, whoever has made the backup. */
export interface PathFacts<Kind extends ComponentKind = ComponentKind> {
  readonly name: string;
  readonly protects: Kind;
  /** Programs that must all be there. */
  readonly programs: readonly Program[];
  /** Programs of which it needs one, the best first. */
  readonly oneOf?: readonly Program[];
  /** What a substrate must have for it. */
  readonly needs?: readonly Capability[];
  /** What it uses where a substrate has it, and does without elsewhere. */
  readonly uses?: readonly Capability[];
  readonly promises: PathPromises;
  /** What makes it another one than its name alone says, such as the format of a dump. */
  readonly variant?: string;
  /** Options as the drill gave them, for reports. */
  readonly options: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** A real way to back up and to restore one component. */
export interface BackupPath<Kind extends ComponentKind = ComponentKind> extends PathFacts<Kind> {
  backup(context: BackupContext<Kind>): Promise<Receipt>;
  restore(context: RestoreContext<Kind>): Promise<void>;
  /** Deletes old backups of the component; gives the ids of those that it kept. */
  retain(context: PathContext, retention: Retention, receipts: readonly Receipt[]): Promise<string[]>;
}

/** A path of any kind: what a drill's record of paths holds. */
export type AnyBackupPath = { [Kind in ComponentKind]: BackupPath<Kind> }[ComponentKind];

/** What the file of a path exports as `inMatrix`: the ways in which sabotage tries it, whatever drill is ruined. */
export interface InMatrix {
  /** Where its columns stand among those of its kind, the smallest first; between equals, by the name of the file. */
  readonly rank: number;
  /** For the first component of its kind in every drill. */
  readonly forFirst?: readonly AnyBackupPath[];
  /** For a component that the drill itself protects by this path. */
  readonly forOwn?: readonly AnyBackupPath[];
}
