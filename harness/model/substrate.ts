import type { Cluster, Reach } from './cluster.ts';
import type { Job, JobReport, Program } from './job.ts';
import type { Resources } from './resources.ts';
import type { Secret } from './secret.ts';
import type { Endpoint, WorkloadServer } from './server.ts';
import type { Snapshots } from './snapshots.ts';
import type { Bucket, Cache, Database, ServiceSlot, Volume, World } from './target.ts';

/** An outside program as it was found. */
export interface ToolReport {
  readonly program: Program;
  readonly version: string;
  /** `PATH`, `place`, `forced`, `cache`, `release`, `go`, `debian`, `container`. */
  readonly source: string;
  readonly location: string;
}

/** What the numbers were measured on. */
export interface HostFacts {
  readonly os: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly node: string;
  readonly freeDiskBytes: number;
}

/** What a substrate needs to know of the run that it serves. */
export interface SubstrateContext {
  readonly runId: string;
  /** Where logs go: one file a job, one a service. */
  readonly logsFolder: string;
  readonly signal: AbortSignal;
  /** What the backup store and the vault must outlive; nothing but the workload itself when it is left out. */
  readonly outlive?: Reach;
  /** Folders of this machine that jobs read: a place elsewhere has to bring them in when it is made. */
  readonly reads?: readonly string[];
  /** Jobs read VolumeSnapshots that were there before the run, whose files have owners of their own. */
  readonly readsSnapshots?: boolean;
  /** What is restored in this run was made by somebody else: whatever interprets it runs in a sandbox. */
  readonly untrusted?: boolean;
  /** Ports of servers outside that jobs read from: a place with walls has to let them through. */
  readonly readsOver?: readonly number[];
  /** Makes a secret that logs and reports mask. */
  secret(name: string): Secret;
  mask(text: string): string;
  /** Notes a fact in the journal. */
  note(event: string, facts: Readonly<Record<string, unknown>>): void;
}

/** What a backup of a database asks of the server that it is restored into. */
export interface PostgresNeeds {
  /** The oldest major version that will do. */
  readonly major: number;
  /** A physical copy starts with its own major version only. */
  readonly exactly: boolean;
  readonly extensions: readonly string[];
  /** The name that its database must have, when the backup brings it along. */
  readonly database?: string;
}

/** What a sweep has done: what it removed, and what it left alone though it lies where leftovers do, each with the reason. */
export interface Swept {
  readonly removed: readonly string[];
  readonly leftAlone: readonly string[];
}

/** Where a drill runs. Everything that it starts ends with it. */
export interface Substrate extends AsyncDisposable {
  readonly name: string;
  /** How long a restored workload may take until it serves: where servers are scheduled first, that is longer. */
  readonly readyBudgetMs: number;
  facts(): Promise<HostFacts>;
  tools(): readonly ToolReport[];
  /** Makes sure that the programs are there, installing them where it can. Every one that is missing is in the error. */
  require(programs: readonly Program[]): Promise<void>;
  choose(programs: readonly Program[]): Promise<Program>;
  /** Removes what killed runs left behind. */
  sweep(): Promise<Swept>;
  /** `later`: it may be made when something first uses it, so that a restore can say what it is made from. */
  volume(name: string, when?: 'now' | 'later'): Promise<Volume>;
  /** A folder of this machine, one of those that the run reads; left out where jobs see it under its own path. */
  folder?(path: string): Promise<Volume>;
  /** What keeps jobs from writing to a folder that the run reads, such as `read-only in the sandbox`; nothing without it. */
  guards?(folder: string): string | undefined;
  /** Jobs reach what listens on the loopback of this machine, such as a gateway of the run. */
  readonly sharesLoopback?: boolean;
  /** What the operator keeps apart. It has to be asked for again after a disaster has taken the place. */
  vault(): Promise<Volume>;
  /**
   * Settles which Postgres the run uses from here on, before any of its programs is asked for; an error says what is
   * missing when there is none that meets the needs. Without it the substrate has but one.
   */
  choosePostgres?(needs: PostgresNeeds): Promise<void>;
  /** A server of its own for one database; with a small WAL it keeps little beside its data, and is slower for it. */
  postgres(name: string, database: string, options?: { readonly smallWal?: boolean }): Promise<ServiceSlot<Database>>;
  redis(name: string): Promise<ServiceSlot<Cache>>;
  bucket(name: string): Promise<Bucket>;
  /** An empty namespace; left out where there is no cluster, and then components of that kind are not tested. */
  resources?(name: string): Promise<Resources>;
  run(job: Job): Promise<JobReport>;
  /** Starts the server of a workload on a world, and waits until it answers. */
  serve(server: WorkloadServer, world: World): Promise<Endpoint>;
  /** Services that ended though nobody stopped them, each with its last log lines. */
  crashedServices(): readonly string[];
  /** Copies that the storage makes of a volume at one moment, where it can. */
  readonly snapshots?: Snapshots;
  /** The cluster that it runs in, where it is one that disasters may strike. */
  readonly cluster?: Cluster;
  /**
   * Writes what servers and the place itself say into the logs, for a run that did not go well, and gives the names of
   * those logs. Bounded in time and size, secrets masked. A substrate that writes them all the time has none.
   */
  exportLogs?(): Promise<readonly string[]>;
  /** The exact commands to look inside and to clean up what was kept. */
  keep(): Promise<readonly string[]>;
}
