import { mkdir, rm, statfs } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { DrillError } from '../../model/error.ts';
import type { Job, JobReport, Program } from '../../model/job.ts';
import type { HostFacts, Substrate, SubstrateContext, ToolReport } from '../../model/substrate.ts';
import type { Bucket, Cache, Database, ServiceSlot, Volume } from '../../model/target.ts';
import { startPostgres } from '../../services/postgres.ts';
import type { ProcessRegistry } from '../../services/process.ts';
import { startRedis } from '../../services/redis.ts';
import { S3Bucket } from '../../services/s3-client.ts';
import { type S3Server, type S3ServerName, startS3Server } from '../../services/s3-servers.ts';
import type { FoundProgram, Toolbox } from '../../tools/toolbox/toolbox.ts';
import { giveTo, serverAccount } from './account.ts';
import { findLeftovers, removeLeftover } from './leftovers.ts';
import { LocalVolume } from './local-volume.ts';
import { RUN_VARIABLE } from './process-table.ts';
import { runJob } from './run-job.ts';
import { makeWorkFolder, recordProcess, workRoot, writeOwner } from './work-folder.ts';

/** Variables of the user that programs may see: how to find programs and to reach the network, nothing of their set-up. */
const PASSED_ON = ['PATH', 'HTTP_PROXY', 'HTTPS_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'LD_LIBRARY_PATH'];

export interface LocalOptions {
  readonly toolbox: Toolbox;
  readonly s3: S3ServerName;
}

/** A drill on this machine: servers and tools as processes, volumes as folders, all below one work folder. */
export class LocalSubstrate implements Substrate {
  readonly name = 'local';
  readonly #context: SubstrateContext;
  readonly #options: LocalOptions;
  readonly #workFolder: string;
  readonly #registry: ProcessRegistry;
  readonly #living = new Set<number>();
  readonly #used = new Map<Program, FoundProgram>();
  readonly #casualties: string[] = [];
  readonly #open: { stop(): Promise<void> }[] = [];
  #s3: Promise<S3Server> | undefined;
  #count = 0;
  #kept = false;

  private constructor(context: SubstrateContext, options: LocalOptions, workFolder: string) {
    this.#context = context;
    this.#options = options;
    this.#workFolder = workFolder;
    this.#registry = {
      started: (pid, name) => {
        recordProcess(workFolder, pid, name);
        this.#living.add(pid);
      },
      ended: (pid) => this.#living.delete(pid),
      lost: (name, how) => {
        this.#casualties.push(`${name} ${context.mask(how)}`);
        context.note('service-lost', { name, how: context.mask(how) });
      },
    };
  }

  static async open(context: SubstrateContext, options: LocalOptions): Promise<LocalSubstrate> {
    return new LocalSubstrate(context, options, await makeWorkFolder(context.runId));
  }

  async facts(): Promise<HostFacts> {
    const disk = await statfs(this.#workFolder);
    return {
      os: `${os.type()} ${os.release()} ${os.arch()}`,
      cpu: os.cpus()[0]?.model ?? 'unknown',
      cores: os.availableParallelism(),
      memoryBytes: os.totalmem(),
      node: process.version,
      freeDiskBytes: disk.bavail * disk.bsize,
    };
  }

  tools(): readonly ToolReport[] {
    return [...this.#used.values()].map(({ program, version, source, location }) => ({
      program,
      version,
      source,
      location,
    }));
  }

  async require(programs: readonly Program[]): Promise<void> {
    const missing: DrillError[] = [];
    for (const program of programs) {
      try {
        await this.#provide(program);
      } catch (error) {
        if (!(error instanceof DrillError)) throw error;
        missing.push(error);
      }
    }
    const [first, ...others] = missing;
    if (!first) return;
    if (others.length === 0) throw first;
    throw new DrillError({
      code: 'tools-missing',
      where: 'substrate/local',
      what: missing.map((error) => error.what).join(' '),
      next: [...new Set(missing.map((error) => error.next))].join(' '),
      blame: 'environment',
      cause: new AggregateError(missing),
      tail: missing
        .map((error) => error.tail)
        .filter(Boolean)
        .join('\n'),
    });
  }

  async choose(programs: readonly Program[]): Promise<Program> {
    for (const program of programs) if (await this.#options.toolbox.find(program)) return program;
    const first = programs[0];
    if (!first) throw new Error('choose() needs at least one program');
    return first;
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

  async postgres(name: string, database: string): Promise<ServiceSlot<Database>> {
    const account = serverAccount();
    return await this.#slot(name, async (data, logFile) => {
      const initdb = await this.#provide('initdb');
      const postgres = await this.#provide('postgres');
      if (account) await giveTo(account, data.path);
      const spec = {
        name,
        database,
        dataFolder: data.path,
        workFolder: this.#workFolder,
        logFile,
        signal: this.#context.signal,
      };
      return await startPostgres(
        {
          ...spec,
          // One password for all servers of a run: a physical restore brings that of its source along.
          password: this.#context.secret('postgres-password'),
          initdb: initdb.location,
          postgres: postgres.location,
          env: { ...this.#environment(this.#workFolder), ...postgres.env },
          ...(account && { account }),
        },
        this.#registry,
      );
    });
  }

  async redis(name: string): Promise<ServiceSlot<Cache>> {
    return await this.#slot(name, async (data, logFile) => {
      const program = await this.#provide('redis-server');
      const env = { ...this.#environment(this.#workFolder), ...program.env };
      const password = this.#context.secret('redis-password');
      const spec = { name, dataFolder: data.path, logFile, password, command: program.location, env };
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
      mask: this.#context.mask,
      locate: async (program) => {
        const found = await this.#provide(program);
        return { command: found.location, prefix: [], version: found.version, env: { ...found.env } };
      },
      environment: (home) => this.#environment(home),
      started: (pid, name) => this.#registry.started(pid, name),
      ended: (pid) => this.#registry.ended(pid),
    });
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
    if (!this.#kept) await rm(this.#workFolder, { recursive: true, force: true, maxRetries: 3 });
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
    const program = await this.#provide(s3);
    const dataFolder = join(this.#workFolder, 's3');
    await mkdir(dataFolder);
    const server = await startS3Server(
      {
        server: s3,
        version: program.version,
        dataFolder,
        logFile: join(this.#context.logsFolder, `${s3}.log`),
        accessKey: this.#context.secret('s3-access-key'),
        secretKey: this.#context.secret('s3-secret-key'),
        command: program.location,
        env: { ...this.#environment(this.#workFolder), ...program.env },
        signal: this.#context.signal,
      },
      this.#registry,
    );
    this.#open.push(server);
    return server;
  }

  async #provide(program: Program): Promise<FoundProgram> {
    const found = this.#used.get(program) ?? (await this.#options.toolbox.provide(program));
    this.#used.set(program, found);
    return found;
  }

  #environment(home: string): Record<string, string> {
    const passed = PASSED_ON.flatMap((name) =>
      process.env[name] === undefined ? [] : [[name, process.env[name] ?? '']],
    );
    return {
      ...Object.fromEntries(passed),
      HOME: home,
      TMPDIR: home,
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      NO_PROXY: '127.0.0.1',
      [RUN_VARIABLE]: this.#context.runId,
    };
  }
}
