import { hostFacts } from '../../../machine/host-facts.ts';
import type { Job, JobReport, Program } from '../../../model/job.ts';
import type { Endpoint, WorkloadServer } from '../../../model/server.ts';
import type { Snapshots } from '../../../model/snapshots.ts';
import type { HostFacts, PostgresNeeds, Substrate, Swept, ToolReport } from '../../../model/substrate.ts';
import type { Bucket, Cache, Database, ServiceSlot, Volume, World } from '../../../model/target.ts';
import { choosePostgres } from './programs/choose-postgres.ts';
import type { Sandbox } from './sandbox.ts';

/** Servers are scheduled first, and the harness may still wait for the pod that it looks through. */
const READY_BUDGET_MS = 60_000;

/** A substrate whose work is done in the namespace of a cluster; how that came to be and goes away is its own. */
export abstract class SandboxSubstrate implements Substrate {
  abstract readonly name: string;
  readonly readyBudgetMs = READY_BUDGET_MS;
  /** Another one where a disaster has taken the place that it was in. */
  protected sandbox: Sandbox;
  protected readonly workFolder: string;

  protected constructor(sandbox: Sandbox, workFolder: string) {
    this.sandbox = sandbox;
    this.workFolder = workFolder;
  }

  async facts(): Promise<HostFacts> {
    return await hostFacts(this.workFolder);
  }

  tools(): readonly ToolReport[] {
    return this.sandbox.programs.reports();
  }

  async require(programs: readonly Program[]): Promise<void> {
    await this.sandbox.programs.require(programs);
  }

  async choose(programs: readonly Program[]): Promise<Program> {
    return await this.sandbox.programs.choose(programs);
  }

  get snapshots(): Snapshots {
    return this.sandbox.snapshots;
  }

  async volume(name: string, when?: 'now' | 'later'): Promise<Volume> {
    return await this.sandbox.volume(name, when);
  }

  async folder(path: string): Promise<Volume> {
    return await this.sandbox.folder(path);
  }

  async vault(): Promise<Volume> {
    return await this.sandbox.vault();
  }

  async choosePostgres(needs: PostgresNeeds): Promise<void> {
    await choosePostgres(needs, this.sandbox.programs);
  }

  async postgres(name: string, database: string, options?: { smallWal?: boolean }): Promise<ServiceSlot<Database>> {
    return await this.sandbox.postgres(name, database, options);
  }

  async redis(name: string): Promise<ServiceSlot<Cache>> {
    return await this.sandbox.redis(name);
  }

  async bucket(name: string): Promise<Bucket> {
    return await this.sandbox.bucket(name);
  }

  async run(job: Job): Promise<JobReport> {
    return await this.sandbox.run(job);
  }

  async serve(server: WorkloadServer, world: World): Promise<Endpoint> {
    return await this.sandbox.serve(server, world);
  }

  crashedServices(): readonly string[] {
    return this.sandbox.crashedServices();
  }

  async exportLogs(): Promise<readonly string[]> {
    return await this.sandbox.exportLogs();
  }

  abstract sweep(): Promise<Swept>;
  abstract keep(): Promise<readonly string[]>;
  abstract [Symbol.asyncDispose](): Promise<void>;
}
