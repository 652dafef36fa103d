import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job, JobReport, Program } from '../../model/job.ts';
import type { Endpoint, WorkloadServer } from '../../model/server.ts';
import type { HostFacts, PostgresNeeds, Substrate, SubstrateContext, ToolReport } from '../../model/substrate.ts';
import type { Bucket, Cache, Database, ServiceSlot, Volume, World } from '../../model/target.ts';
import { startPostgres } from '../../services/postgres.ts';
import type { ProcessRegistry } from '../../services/process.ts';
import { startRedis } from '../../services/redis.ts';
import { S3Bucket } from '../../services/s3-client.ts';
import { type S3Server, type S3ServerName, startS3Server } from '../../services/s3-servers.ts';
import type { Environment } from '../../tools/toolbox/environment.ts';
import type { Toolbox } from '../../tools/toolbox/toolbox.ts';
import { hostFacts } from '../host-facts.ts';
import { type Account, giveTo, serverAccount } from './account.ts';
import { environmentOf } from './environment-of.ts';
import { endProcessesOf, findLeftovers, removeLeftover } from './leftovers.ts';
import type { ProgramCall } from './local-program.ts';
import { LocalVolume } from './local-volume.ts';
import { Programs } from './programs.ts';
import { runJob } from './run-job.ts';
import { serve } from './serve.ts';
import { makeWorkFolder, recordProcess, removeWorkFolder, workRoot, writeOwner } from './work-folder.ts';

/** Everything is started by then: a look that fails for so long will go on failing. */
const READY_BUDGET_MS = 10_000;

export interface LocalOptions {
  readonly toolbox: Toolbox;
  readonly s3: S3ServerName;
  /** The user's settings, such as `DRILL_POSTGRES`; otherwise those of this process. */
  readonly env?: Environment;
}

/** A drill on this machine: servers and tools as processes, volumes as folders, all below one work folder. */
export class LocalSubstrate implements Substrate {
  readonly name = 'local';
  readonly readyBudgetMs = READY_BUDGET_MS;
  readonly #context: SubstrateContext;
  readonly #options: LocalOptions;
  readonly #workFolder: string;
  readonly #registry: ProcessRegistry;
  readonly #programs: Programs;
  readonly #casualties: string[] = [];
  readonly #serverLost = new AbortController();
  readonly #open: { stop(): Promise<void> }[] = [];
  #s3: Promise<S3Server> | undefined;
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
        this.#casualties.push(`${name} ${context.mask(how)}`);
        this.#serverLost.abort();
        context.note('service-lost', { name, how: context.mask(how) });
      },
    };
  }

  static async open(context: SubstrateContext, options: LocalOptions): Promise<LocalSubstrate> {
    return new LocalSubstrate(context, options, await makeWorkFolder(context.runId));
  }

  async facts(): Promise<HostFacts> {
    return await hostFacts(this.#workFolder);
  }

  tools(): readonly ToolReport[] {
    return this.#programs.reports();
  }

  async require(programs: readonly Program[]): Promise<void> {
    await this.#programs.require([...new Set([...programs, this.#options.s3])]);
  }

  async choose(programs: readonly Program[]): Promise<Program> {
    return await this.#programs.choose(programs);
  }

  async sweep(): Promise<string[]> {
    const dead = findLeftovers(workRoot()).filter(({ state }) => state === 'killed' || state === 'expired');
    for (const leftover of dead) await removeLeftover(leftover);
    return dead.map(({ runId, state }) => `run ${runId} (${state})`);
  }

  async volume(name: string): Promise<Volume> {
    this.#count += 1;
    return await LocalVolume.create(name, join(this.#workFolder, 'volumes', `${name}-${this.#count}`));
  }

  /** No disaster of this substrate reaches it. */
  async vault(): Promise<Volume> {
    this.#vault ??= this.volume('vault');
    return await this.#vault;
  }

  async choosePostgres(needs: PostgresNeeds): Promise<void> {
    await this.#programs.choosePostgres(needs);
  }

  async postgres(name: string, database: string): Promise<ServiceSlot<Database>> {
    const account = serverAccount();
    return await this.#slot(name, async (data, logFile) => {
      if (account) await giveTo(account, data.path);
      return await startPostgres(
        {
          name,
          database,
          dataFolder: data.path,
          workFolder: this.#workFolder,
          logFile,
          signal: this.#context.signal,
          // One password for all servers of a run: a physical restore brings that of its source along.
          password: this.#context.secret('postgres-password'),
          initdb: await this.#serverProgram('initdb', this.#workFolder, account),
          postgres: await this.#serverProgram('postgres', data.path, account),
          ...(account && { owner: account }),
        },
        this.#registry,
      );
    });
  }

  async redis(name: string): Promise<ServiceSlot<Cache>> {
    return await this.#slot(name, async (data, logFile) => {
      const { command, env } = await this.#serverProgram('redis-server', data.path);
      const password = this.#context.secret('redis-password');
      const spec = { name, dataFolder: data.path, logFile, password, command, env };
      return await startRedis({ ...spec, signal: this.#context.signal }, this.#registry);
    });
  }

  async bucket(name: string): Promise<Bucket> {
    this.#s3 ??= this.#startS3();
    const bucket = new S3Bucket(name, await this.#s3);
    await bucket.create();
    this.#open.push({ stop: async () => bucket.disconnect() });
    return bucket;
  }

  async run(job: Job): Promise<JobReport> {
    return await runJob(job, {
      runId: this.#context.runId,
      workFolder: this.#workFolder,
      logsFolder: this.#context.logsFolder,
      signal: this.#context.signal,
      serverLost: this.#serverLost.signal,
      mask: this.#context.mask,
      locate: (program) => this.#programs.provide(program),
      environment: (home) => environmentOf(this.#context.runId, home),
      started: (pid, name) => this.#registry.started(pid, name),
      note: this.#context.note,
    });
  }

  async serve(server: WorkloadServer, world: World): Promise<Endpoint> {
    const { logsFolder, signal } = this.#context;
    const started = await serve(server, world, {
      ...{ workFolder: this.#workFolder, signal, registry: this.#registry },
      logFile: join(logsFolder, `${server.name}.log`),
      call: (program, variables) => this.#serverProgram(program, this.#workFolder, undefined, variables),
    });
    this.#open.push(started);
    return started;
  }

  casualties(): readonly string[] {
    return this.#casualties;
  }

  async keep(): Promise<readonly string[]> {
    this.#kept = true;
    await writeOwner(this.#workFolder, this.#context.runId, true);
    return [`ls ${join(this.#workFolder, 'volumes')}`, `npm run drill -- gc --kept ${this.#context.runId}`];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = [];
    for (const service of this.#open.splice(0).reverse()) {
      try {
        await service.stop();
      } catch (error) {
        errors.push(error);
      }
    }
    try {
      // Tools start helpers of their own, such as gpg its agent.
      await endProcessesOf(this.#context.runId, this.#workFolder);
      await this.#programs.removeContainers();
    } catch (error) {
      errors.push(error);
    }
    if (!this.#kept) await removeWorkFolder(this.#workFolder);
    if (errors.length > 0) throw new AggregateError(errors, 'not everything could be stopped');
  }

  /** A volume for the data, and a start that happens once; what was started is stopped at the end whatever happens. */
  async #slot<Service extends { stop(): Promise<void> }>(
    name: string,
    start: (data: Volume, logFile: string) => Promise<Service>,
  ): Promise<ServiceSlot<Service>> {
    const data = await this.volume(name);
    let started: Promise<Service> | undefined;
    return {
      data,
      start: () => {
        started ??= (async () => {
          const service = await start(data, join(this.#context.logsFolder, `${name}.log`));
          this.#open.push({ stop: () => service.stop() });
          return service;
        })();
        return started;
      },
    };
  }

  async #startS3(): Promise<S3Server> {
    const { s3 } = this.#options;
    const { version } = await this.#programs.provide(s3);
    const dataFolder = join(this.#workFolder, 's3');
    await mkdir(dataFolder);
    const { command, env } = await this.#serverProgram(s3, dataFolder);
    const server = await startS3Server(
      {
        server: s3,
        version,
        dataFolder,
        logFile: join(this.#context.logsFolder, `${s3}.log`),
        accessKey: this.#context.secret('s3-access-key'),
        secretKey: this.#context.secret('s3-secret-key'),
        command,
        env,
        signal: this.#context.signal,
      },
      this.#registry,
    );
    this.#open.push(server);
    return server;
  }

  async #serverProgram(
    program: Program,
    cwd: string,
    account?: Account,
    more: readonly string[] = [],
  ): Promise<ProgramCall> {
    const environment = environmentOf(this.#context.runId, this.#workFolder);
    const found = await this.#programs.provide(program);
    const variables = [...Object.keys(environment), ...more];
    const call = found.call({ cwd, variables, ...(account && { account }) });
    return { ...call, env: { ...environment, ...call.env } };
  }
}
