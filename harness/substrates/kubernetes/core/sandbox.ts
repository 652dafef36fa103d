import type { S3Address } from '../../../machine/object-store/s3-client.ts';
import type { S3ServerName } from '../../../machine/object-store/s3-servers.ts';
import { RUN_VARIABLE } from '../../../machine/processes/process-table.ts';
import { folderMissing } from '../../../model/folder-missing.ts';
import type { Job, JobReport, Program } from '../../../model/job.ts';
import type { Resources } from '../../../model/resources.ts';
import type { Endpoint, WorkloadServer } from '../../../model/server.ts';
import type { Snapshots } from '../../../model/snapshots.ts';
import type { SubstrateContext } from '../../../model/substrate.ts';
import type { Bucket, Cache, Database, ServiceSlot, Volume, World } from '../../../model/target.ts';
import { type ImageMap, imageOf } from './images.ts';
import { runJob } from './job/run-job.ts';
import type { Kube } from './kube/kube.ts';
import { labelsOf } from './kube/labels.ts';
import type { MemoryLimits } from './kube/limits.ts';
import { Pods } from './kube/pods.ts';
import { exportLogs } from './logs/export-logs.ts';
import { Names } from './names.ts';
import { ImagePrograms } from './programs/image-programs.ts';
import { NamespaceResources } from './resources/namespace-resources.ts';
import { SandboxParts } from './sandbox-parts.ts';
import { SandboxServers } from './sandbox-servers.ts';
import type { SandboxSite } from './sandbox-site.ts';
import { CasualtyWatch } from './services/crashed-services.ts';
import type { ServerHost } from './services/server.ts';
import { serve } from './services/workload-server.ts';
import { ClaimSnapshots } from './snapshots/claim-snapshots.ts';
import { Claims } from './volume/claims.ts';
import type { VolumeAgentHost } from './volume/volume-agent.ts';

const START_BUDGET_MS = 5 * 60_000;
const VOLUME_SIZE = '10Gi';
const VAULT = 'vault';
const SOURCE = 'source';

/** What a drill may ask of any cluster. */
export interface SandboxOptions {
  readonly images: ImageMap;
  /** The S3 server to start, MinIO where the image map has one and otherwise VersityGW, or one that is there already. */
  readonly s3?: S3ServerName | S3Address;
  /** What every volume asks its storage class for. */
  readonly volumeSize?: string;
  /** Where volumes come from; the cluster's default class when it is left out. */
  readonly storageClass?: string;
  /** How many pods read a volume together for its manifest. */
  readonly shards?: number;
  /** How long a pod may take until it runs, pulling its image included. */
  readonly startBudgetMs?: number;
  readonly memory?: MemoryLimits;
}

/** What a drill does in one namespace of a cluster: servers as pods, tools as Jobs, volumes as claims. */
export class Sandbox {
  readonly kube: Kube;
  readonly programs: ImagePrograms;
  readonly snapshots: Snapshots;
  readonly parts: SandboxParts;
  readonly #context: SubstrateContext;
  readonly #options: SandboxOptions;
  readonly #place: SandboxSite;
  readonly #claims: Claims;
  readonly #host: ServerHost;
  readonly #servers: SandboxServers;
  readonly #watch: CasualtyWatch;
  readonly #given = new Names();
  #vault: Promise<Volume> | undefined;
  #names: Promise<void> | undefined;

  private constructor(
    context: SubstrateContext,
    options: SandboxOptions,
    place: SandboxSite,
    pods: Pods,
    programs: ImagePrograms,
  ) {
    const { kube, forwards } = place;
    this.kube = kube;
    this.programs = programs;
    this.#context = context;
    this.#options = options;
    this.#place = place;
    this.#host = { runId: context.runId, kube, pods, forwards };
    const labels = labelsOf(context.runId, 'volume');
    const nameFor = (name: string) => this.#given.next(name);
    const { volumeSize: size = VOLUME_SIZE, storageClass, shards } = options;
    this.#claims = new Claims({ host: this.#agentHost(), size, storageClass, shards, labels, nameFor });
    this.#servers = new SandboxServers({
      context,
      sandbox: options,
      place,
      programs,
      claims: this.#claims,
      host: this.#host,
    });
    this.snapshots = new ClaimSnapshots({ kube, labels, nameFor, claims: this.#claims, storageClass });
    this.parts = new SandboxParts(kube, this.#claims);
    this.#watch = new CasualtyWatch(kube, (name, how) => context.note('service-lost', { name, how }));
  }

  static async open(context: SubstrateContext, options: SandboxOptions, place: SandboxSite): Promise<Sandbox> {
    const { startBudgetMs = START_BUDGET_MS, memory } = options;
    const pods = new Pods(place.kube, context.runId, startBudgetMs, { memory, untrusted: context.untrusted });
    const programs = await ImagePrograms.open(options.images, pods, place.answers);
    return new Sandbox(context, options, place, pods, programs);
  }

  async volume(name: string, when: 'now' | 'later' = 'now'): Promise<Volume> {
    if (when === 'later') return this.#claims.unused(name);
    const volume = await this.#claims.make(name);
    volume.warmUp();
    return volume;
  }

  /** What the operator keeps apart. */
  async vault(): Promise<Volume> {
    const { vaultOnNode } = this.#place;
    this.#vault ??= vaultOnNode === undefined ? this.volume(VAULT) : this.#claims.onNode(VAULT, vaultOnNode);
    return await this.#vault;
  }

  /** A folder of this machine, which the node must have got when it was made. */
  async folder(path: string): Promise<Volume> {
    const onNode = this.#place.foldersOnNode?.get(path);
    if (onNode === undefined) throw folderMissing('substrate/kubernetes', path);
    return await this.#claims.onNode(SOURCE, onNode, true);
  }

  async postgres(
    name: string,
    database: string,
    { smallWal = false }: { smallWal?: boolean } = {},
  ): Promise<ServiceSlot<Database>> {
    return await this.#servers.postgres(name, database, smallWal);
  }

  async redis(name: string): Promise<ServiceSlot<Cache>> {
    return await this.#servers.redis(name);
  }

  async bucket(name: string): Promise<Bucket> {
    return await this.#servers.bucket(name);
  }

  /** A namespace beside that of the run, in a cluster where one can be made. */
  async resources(name: string): Promise<Resources> {
    const { kube, clientEnv } = this.#agentHost();
    const namespace = `${kube.namespace}-${this.#given.next(name)}`;
    return await NamespaceResources.create(name, namespace, { kube, runId: this.#context.runId, clientEnv });
  }

  async run(job: Job): Promise<JobReport> {
    this.#names ??= this.#place.namesResolve();
    await this.#names;
    return await runJob(job, {
      runId: this.#context.runId,
      logsFolder: this.#context.logsFolder,
      kube: this.kube,
      pods: this.#host.pods,
      mask: this.#context.mask,
      note: this.#context.note,
      nameFor: ({ name }) => this.#given.next(name),
      imageOf: (program) => this.programs.imageOf(program),
      versionsOf: (programs) => this.programs.versionsOf(programs),
    });
  }

  async serve(server: WorkloadServer, world: World): Promise<Endpoint> {
    const { runs } = server;
    if ('program' in runs) await this.programs.require([runs.program, ...Object.values(runs.calls)]);
    const imageOf = (program: Program) => this.programs.imageOf(program);
    const served = await serve(server, world, { name: this.#given.next(server.name), imageOf }, this.#host);
    this.#servers.add(served);
    return served;
  }

  crashedServices(): readonly string[] {
    return this.#watch.list();
  }

  /** Writes what the cluster knows of the sandbox into the logs of the run. */
  async exportLogs(): Promise<string[]> {
    return await exportLogs(this.kube, this.#context);
  }

  /** Takes away what the run has put outside of the cluster. */
  async removeOutside(): Promise<void> {
    await this.#servers.removeOutside();
  }

  /** Ends every connection to the cluster, and gives the errors on the way; what is in the namespace stays. */
  async disconnect(): Promise<unknown[]> {
    this.#watch.stop();
    const clients = [...this.#servers.clients(), ...this.#claims.all()];
    const ended = await Promise.allSettled(clients.map(async (client) => client.disconnect()));
    return ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  }

  #agentHost(): VolumeAgentHost {
    const image = imageOf(this.#options.images, 'shell');
    const { workFolder } = this.#place;
    // So that `drill gc` finds clients that outlive a killed harness.
    const clientEnv = { ...this.#place.clientEnv, [RUN_VARIABLE]: this.#context.runId };
    return { kube: this.kube, pods: this.#host.pods, image, workFolder, clientEnv };
  }
}
