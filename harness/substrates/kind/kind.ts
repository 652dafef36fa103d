import { rm } from 'node:fs/promises';
import type { Job, JobReport, Program } from '../../model/job.ts';
import type { HostFacts, Substrate, SubstrateContext, ToolReport } from '../../model/substrate.ts';
import type { Bucket, Cache, Database, ServiceSlot, Volume } from '../../model/target.ts';
import { type S3Address, S3Bucket } from '../../services/s3-client.ts';
import type { S3ServerName } from '../../services/s3-servers.ts';
import type { Toolbox } from '../../tools/toolbox/toolbox.ts';
import { hostFacts } from '../host-facts.ts';
import { type ImageMap, imageOf } from '../kubernetes/images.ts';
import { runJob } from '../kubernetes/job/run-job.ts';
import { labelsOf } from '../kubernetes/kube/labels.ts';
import { namesResolve } from '../kubernetes/kube/names-resolve.ts';
import { Pods } from '../kubernetes/kube/pods.ts';
import { ImagePrograms } from '../kubernetes/programs/image-programs.ts';
import { CasualtyWatch } from '../kubernetes/services/casualties.ts';
import { startPostgres } from '../kubernetes/services/postgres.ts';
import { startRedis } from '../kubernetes/services/redis.ts';
import { startS3 } from '../kubernetes/services/s3.ts';
import type { ServerHost } from '../kubernetes/services/server.ts';
import { ClaimVolume } from '../kubernetes/volume/claim-volume.ts';
import type { KeeperHost } from '../kubernetes/volume/keeper.ts';
import { RUN_VARIABLE } from '../local/process-table.ts';
import { makeWorkFolder, writeOwner } from '../local/work-folder.ts';
import { deleteCluster } from './cluster/kind-cluster.ts';
import { PortPool } from './cluster/node-ports.ts';
import { type OpenCluster, openCluster } from './open-cluster.ts';
import { sweepMachine } from './sweep-machine.ts';

/** Servers are scheduled first, and the harness may still wait for the pod that it looks through. */
const READY_BUDGET_MS = 60_000;
const START_BUDGET_MS = 5 * 60_000;
/** Two servers of a workload, one for S3, and as many again for each restore. */
const PORTS = 16;
const VOLUME_SIZE = '10Gi';
const NAME_CHARS = 40;

export interface KindOptions {
  readonly toolbox: Toolbox;
  readonly images: ImageMap;
  /** MinIO where the image map has one, otherwise VersityGW. */
  readonly s3?: S3ServerName;
  /** What every volume asks its storage class for. */
  readonly volumeSize?: string;
  /** How many servers may be started, those of restores included. */
  readonly ports?: number;
  /** How long a pod may take until it runs, pulling its image included. */
  readonly startBudgetMs?: number;
}

/** A drill in an ephemeral kind cluster: servers as pods, tools as Jobs, volumes as claims. */
export class KindSubstrate implements Substrate {
  readonly name = 'kind';
  readonly readyBudgetMs = READY_BUDGET_MS;
  readonly #context: SubstrateContext;
  readonly #options: KindOptions;
  readonly #workFolder: string;
  readonly #open: OpenCluster;
  readonly #programs: ImagePrograms;
  readonly #servers: ServerHost;
  readonly #watch: CasualtyWatch;
  readonly #clients: { disconnect(): unknown }[] = [];
  #s3: Promise<S3Address> | undefined;
  #names: Promise<void> | undefined;
  #count = 0;
  #kept = false;

  private constructor(
    context: SubstrateContext,
    options: KindOptions,
    workFolder: string,
    open: OpenCluster,
    pods: Pods,
    programs: ImagePrograms,
  ) {
    this.#context = context;
    this.#options = options;
    this.#workFolder = workFolder;
    this.#open = open;
    this.#programs = programs;
    const { kube, cluster } = open;
    this.#servers = { runId: context.runId, kube, pods, ports: new PortPool(cluster.ports) };
    this.#watch = new CasualtyWatch(kube, (name, how) => context.note('service-lost', { name, how }));
  }

  static async open(context: SubstrateContext, options: KindOptions): Promise<KindSubstrate> {
    const { toolbox, images, ports = PORTS, startBudgetMs = START_BUDGET_MS } = options;
    const workFolder = await makeWorkFolder(context.runId);
    try {
      const open = await openCluster(context, { toolbox, images, ports, workFolder });
      const pods = new Pods(open.kube, context.runId, startBudgetMs);
      const programs = await ImagePrograms.open(images, pods);
      return new KindSubstrate(context, options, workFolder, open, pods, programs);
    } catch (error) {
      await rm(workFolder, { recursive: true, force: true });
      throw error;
    }
  }

  /** How to reach the cluster, for people and tests. */
  get cluster(): { readonly name: string; readonly kubeconfig: string } {
    return this.#open.cluster;
  }

  async facts(): Promise<HostFacts> {
    return await hostFacts(this.#workFolder);
  }

  tools(): readonly ToolReport[] {
    return this.#programs.reports();
  }

  async require(programs: readonly Program[]): Promise<void> {
    await this.#programs.require(programs);
  }

  async choose(programs: readonly Program[]): Promise<Program> {
    return await this.#programs.choose(programs);
  }

  async sweep(): Promise<string[]> {
    return await sweepMachine(this.#open.program);
  }

  async volume(name: string): Promise<Volume> {
    const volume = await this.#claim(name);
    volume.warmUp();
    return volume;
  }

  async postgres(name: string, database: string): Promise<ServiceSlot<Database>> {
    const image = imageOf(this.#options.images, 'postgres');
    // One password for all servers of a run: a physical restore brings that of its source along.
    const password = this.#context.secret('postgres-password');
    return await this.#slot(name, (data) =>
      startPostgres({ name, host: data.claim, database, image, password, data }, this.#servers),
    );
  }

  async redis(name: string): Promise<ServiceSlot<Cache>> {
    const image = imageOf(this.#options.images, 'redis');
    const password = this.#context.secret('redis-password');
    return await this.#slot(name, (data) =>
      startRedis({ name, host: data.claim, image, password, data }, this.#servers),
    );
  }

  async bucket(name: string): Promise<Bucket> {
    this.#s3 ??= this.#startS3();
    const bucket = new S3Bucket(name, await this.#s3);
    this.#clients.push(bucket);
    await bucket.create();
    return bucket;
  }

  async run(job: Job): Promise<JobReport> {
    this.#names ??= namesResolve(this.#open.kube);
    await this.#names;
    return await runJob(job, {
      runId: this.#context.runId,
      logsFolder: this.#context.logsFolder,
      kube: this.#open.kube,
      pods: this.#servers.pods,
      mask: this.#context.mask,
      nameFor: ({ name }) => this.#nameFor(name),
      imageOf: (program) => this.#programs.imageOf(program),
      versionsOf: (programs) => this.#programs.versionsOf(programs),
    });
  }

  casualties(): readonly string[] {
    return this.#watch.list();
  }

  async keep(): Promise<readonly string[]> {
    this.#kept = true;
    await writeOwner(this.#workFolder, this.#context.runId, true);
    const { kubeconfig, name } = this.#open.cluster;
    return [
      `kubectl --kubeconfig ${kubeconfig} --namespace ${name} get all,pvc`,
      `npm run drill -- gc --kept ${this.#context.runId}`,
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch.stop();
    const ended = await Promise.allSettled(this.#clients.splice(0).map(async (client) => client.disconnect()));
    const errors = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    if (!this.#kept) {
      try {
        await deleteCluster(this.#open.program, this.#open.cluster.kubeconfig);
        // Only now: the folder holds the note of who owns the cluster.
        await rm(this.#workFolder, { recursive: true, force: true });
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'not everything could be stopped');
  }

  async #claim(name: string): Promise<ClaimVolume> {
    const { runId } = this.#context;
    const { volumeSize = VOLUME_SIZE } = this.#options;
    const spec = { claim: this.#nameFor(name), size: volumeSize, labels: labelsOf(runId, 'volume') };
    const volume = await ClaimVolume.create(name, spec, this.#keeperHost());
    this.#clients.push(volume);
    return volume;
  }

  #keeperHost(): KeeperHost {
    const { kube } = this.#open;
    const image = imageOf(this.#options.images, 'shell');
    const clientEnv = {
      PATH: process.env.PATH ?? '',
      HOME: this.#workFolder,
      // So that `drill gc` finds clients that outlive a killed harness.
      [RUN_VARIABLE]: this.#context.runId,
    };
    return { kube, pods: this.#servers.pods, image, workFolder: this.#workFolder, clientEnv };
  }

  /** A claim for the data, and a start that happens once. */
  async #slot<Service extends { disconnect(): unknown }>(
    name: string,
    start: (data: ClaimVolume) => Promise<Service>,
  ): Promise<ServiceSlot<Service>> {
    const data = await this.#claim(name);
    let started: Promise<Service> | undefined;
    return {
      data,
      start: () => {
        started ??= start(data).then((service) => {
          this.#clients.push(service);
          return service;
        });
        return started;
      },
    };
  }

  async #startS3(): Promise<S3Address> {
    const { images, s3 = images.minio ? 'minio' : 'versitygw' } = this.#options;
    const [[version = 'unknown'], data] = await Promise.all([this.#programs.versionsOf([s3]), this.#claim(s3)]);
    const { secret } = this.#context;
    return await startS3(
      {
        server: s3,
        version,
        image: imageOf(images, s3),
        accessKey: secret('s3-access-key'),
        secretKey: secret('s3-secret-key'),
        data,
      },
      this.#servers,
    );
  }

  /** A name that Kubernetes takes and that nothing else in the namespace has. */
  #nameFor(name: string): string {
    this.#count += 1;
    const plain = name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, NAME_CHARS);
    return `${plain.replace(/^-+|-+$/g, '')}-${this.#count}`;
  }
}
