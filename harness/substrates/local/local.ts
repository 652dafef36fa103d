import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { guardian } from '../../machine/guardian/guardian.ts';
import { hostFacts } from '../../machine/host-facts.ts';
import { OutsideStore } from '../../machine/object-store/outside-store.ts';
import { type S3Address, S3Bucket } from '../../machine/object-store/s3-client.ts';
import type { S3Server, S3ServerName } from '../../machine/object-store/s3-servers.ts';
import { endProcessesOf } from '../../machine/processes/end-processes.ts';
import { environmentOf } from '../../machine/processes/environment-of.ts';
import { recordProcess } from '../../machine/processes/recorded-processes.ts';
import type { ProcessRegistry } from '../../machine/processes/service-process.ts';
import { throwAll, type Undoing, undoInTurn } from '../../machine/processes/undo-in-turn.ts';
import { sandboxChoice } from '../../machine/sandbox/sandbox-choice.ts';
import type { Environment } from '../../machine/tools/toolbox/environment.ts';
import type { Toolbox } from '../../machine/tools/toolbox/toolbox.ts';
import { sweepLeftovers } from '../../machine/work-folders/leftovers.ts';
import { OWNER_FILE } from '../../machine/work-folders/owner.ts';
import { makeWorkFolder, removeWorkFolder, writeOwner } from '../../machine/work-folders/work-folder.ts';
import { folderMissing } from '../../model/folder-missing.ts';
import type { Job, JobReport, Program } from '../../model/job.ts';
import type { Endpoint, WorkloadServer } from '../../model/server.ts';
import { shellWord } from '../../model/shell-word.ts';
import type {
  HostFacts,
  PostgresNeeds,
  Substrate,
  SubstrateContext,
  Swept,
  ToolReport,
} from '../../model/substrate.ts';
import type { Bucket, Cache, Database, ServiceSlot, Volume, World } from '../../model/target.ts';
import { LocalServers } from './local-servers.ts';
import { LocalVolume } from './local-volume.ts';
import { Programs } from './programs.ts';
import { runJob } from './run-job.ts';
import { serve } from './serve.ts';

/** Everything is started by then: a look that fails for so long will go on failing. */
const READY_BUDGET_MS = 10_000;
const MINUTE_MS = 60_000;
/** Together no more than what a run gives its substrate to be disposed of. */
const STOP_BUDGET_MS = 45_000;
const REMOVE_BUDGET_MS = 120_000;

export interface LocalOptions {
  readonly toolbox: Toolbox;
  /** The S3 server to start, or one that is there already. */
  readonly s3: S3ServerName | S3Address;
  /** The user's settings, such as `DRILL_POSTGRES`; otherwise those of this process. */
  readonly env?: Environment;
}

/** A drill on this machine: servers and tools as processes, volumes as folders, all below one work folder. */
export class LocalSubstrate implements Substrate {
  readonly name = 'local';
  readonly sharesLoopback = true;
  readonly readyBudgetMs = READY_BUDGET_MS;
  readonly #context: SubstrateContext;
  readonly #options: LocalOptions;
  readonly #workFolder: string;
  readonly #registry: ProcessRegistry;
  readonly #programs: Programs;
  readonly #crashedServices: string[] = [];
  readonly #serverLost = new AbortController();
  readonly #servers: LocalServers;
  #s3: Promise<S3Server> | undefined;
  #store: OutsideStore | undefined;
  #vault: Promise<Volume> | undefined;
  #count = 0;
  #kept = false;

  private constructor(context: SubstrateContext, options: LocalOptions, workFolder: string) {
    this.#context = context;
    this.#options = options;
    this.#workFolder = workFolder;
    this.#programs = new Programs({ toolbox: options.toolbox, context, workFolder, env: options.env ?? process.env });
    this.#registry = {
      started: (pid, name) => recordProcess(workFolder, pid, name),
      lost: (name, how) => {
        this.#crashedServices.push(`${name} ${context.mask(how)}`);
        this.#serverLost.abort();
        context.note('service-lost', { name, how: context.mask(how) });
      },
    };
    const volume = (name: string) => this.volume(name);
    this.#servers = new LocalServers({
      context,
      workFolder,
      volume,
      programs: this.#programs,
      registry: this.#registry,
    });
  }

  static async open(context: SubstrateContext, options: LocalOptions): Promise<LocalSubstrate> {
    const substrate = new LocalSubstrate(context, options, await makeWorkFolder(context.runId));
    try {
      if (context.untrusted) await substrate.#useSandbox();
      return substrate;
    } catch (error) {
      await substrate[Symbol.asyncDispose]();
      throw error;
    }
  }

  async facts(): Promise<HostFacts> {
    return await hostFacts(this.#workFolder);
  }

  tools(): readonly ToolReport[] {
    return this.#programs.reports();
  }

  async require(programs: readonly Program[]): Promise<void> {
    const { s3 } = this.#options;
    await this.#programs.require([...new Set(typeof s3 === 'string' ? [...programs, s3] : programs)]);
  }

  async choose(programs: readonly Program[]): Promise<Program> {
    return await this.#programs.choose(programs);
  }

  async sweep(): Promise<Swept> {
    await guardian.ready();
    return await sweepLeftovers();
  }

  async volume(name: string): Promise<Volume> {
    this.#count += 1;
    const path = join(this.#workFolder, 'volumes', `${name}-${this.#count}`);
    return await LocalVolume.create(name, path, this.#programs.sandbox?.account);
  }

  async folder(path: string): Promise<Volume> {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isDirectory()) throw folderMissing('substrate/local', path);
    return LocalVolume.ofUser(path);
  }

  guards(): string | undefined {
    return this.#programs.sandbox && 'the sandbox shows it to every tool to be read, and to none to be written';
  }

  /** No disaster of this substrate reaches it. */
  async vault(): Promise<Volume> {
    this.#vault ??= this.volume('vault');
    return await this.#vault;
  }

  async choosePostgres(needs: PostgresNeeds): Promise<void> {
    await this.#programs.choosePostgres(needs);
  }

  async postgres(
    name: string,
    database: string,
    options?: { readonly smallWal?: boolean },
  ): Promise<ServiceSlot<Database>> {
    return await this.#servers.postgres(name, database, options);
  }

  async redis(name: string): Promise<ServiceSlot<Cache>> {
    return await this.#servers.redis(name);
  }

  async bucket(name: string): Promise<Bucket> {
    const { s3 } = this.#options;
    if (typeof s3 !== 'string') return await this.#outside(s3).bucket(name);
    this.#s3 ??= this.#servers.s3(s3);
    const bucket = new S3Bucket(name, await this.#s3);
    await bucket.create();
    this.#servers.add({ stop: async () => bucket.disconnect() });
    return bucket;
  }

  async run(job: Job): Promise<JobReport> {
    return await runJob(job, {
      runId: this.#context.runId,
      workFolder: this.#workFolder,
      logsFolder: this.#context.logsFolder,
      signal: this.#context.signal,
      serverLost: this.#serverLost.signal,
      noProgressMs: noProgressMs(this.#options.env ?? process.env),
      mask: this.#context.mask,
      locate: (program) => this.#programs.provide(program),
      account: this.#programs.sandbox?.account,
      environment: (home) => environmentOf(this.#context.runId, home),
      started: (pid, name) => this.#registry.started(pid, name),
      note: this.#context.note,
    });
  }

  async serve(server: WorkloadServer, world: World): Promise<Endpoint> {
    const { logsFolder, signal, runId, note } = this.#context;
    const started = await serve(server, world, {
      ...{ workFolder: this.#workFolder, signal, registry: this.#registry, runId },
      logFile: join(logsFolder, `${server.name}.log`),
      sandbox: this.#programs.sandbox,
      note: (line) => note('tools', { line }),
      call: (program, more) => this.#servers.program(program, this.#workFolder, { more }),
    });
    this.#servers.add(started);
    return started;
  }

  crashedServices(): readonly string[] {
    // A server may have made the folder again, with what it still had to write.
    if (existsSync(join(this.#workFolder, OWNER_FILE))) return this.#crashedServices;
    return [
      ...this.#crashedServices,
      `the work folder ${this.#workFolder} was removed by somebody, and all data with it`,
    ];
  }

  async keep(): Promise<readonly string[]> {
    this.#kept = true;
    await writeOwner(this.#workFolder, this.#context.runId, true);
    const { s3 } = this.#options;
    return [
      `ls ${shellWord(join(this.#workFolder, 'volumes'))}`,
      `npm run drill -- gc --kept ${this.#context.runId}${typeof s3 === 'string' ? '' : ` --s3 ${shellWord(s3.endpoint)}`}`,
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const folder = this.#workFolder;
    const ended: Undoing[] = [
      { name: 'servers', budgetMs: STOP_BUDGET_MS, undo: async () => throwAll(await this.#servers.stop()) },
      // Tools start helpers of their own, such as gpg its agent.
      { name: 'processes', budgetMs: STOP_BUDGET_MS, undo: () => endProcessesOf(this.#context.runId, folder) },
      { name: 'containers', budgetMs: STOP_BUDGET_MS, undo: () => this.#programs.removeContainers() },
    ];
    const removed: Undoing[] = [
      { name: 'buckets', budgetMs: STOP_BUDGET_MS, undo: async () => await this.#store?.remove() },
      { name: folder, budgetMs: REMOVE_BUDGET_MS, undo: () => removeWorkFolder(folder) },
    ];
    throwAll(await undoInTurn(this.#kept ? ended : [...ended, ...removed]));
  }

  /** What somebody else has made is interpreted nowhere else; without a sandbox only where the user asks for that, and never as root. */
  async #useSandbox(): Promise<void> {
    const choice = sandboxChoice(this.#options.env ?? process.env);
    const sandbox = choice === 'always' ? await this.#programs.openSandbox() : undefined;
    this.#context.note('sandbox', { choice, ...(sandbox?.account && { account: sandbox.account }) });
  }

  #outside(address: S3Address): OutsideStore {
    this.#store ??= new OutsideStore(address, this.#context.runId);
    return this.#store;
  }
}

/** `DRILL_NO_PROGRESS_MINUTES`, for tools that do nothing for longer and are well all the same. */
function noProgressMs({ DRILL_NO_PROGRESS_MINUTES: minutes }: Environment): number | undefined {
  const given = Number(minutes);
  return given > 0 ? given * MINUTE_MS : undefined;
}
