import { posix } from 'node:path';
import { DrillError } from '../../../../model/error.ts';
import type { FileEntry } from '../../../../model/manifest.ts';
import type { ByteRange, FileAttributes, Volume } from '../../../../model/target.ts';
import type { Kube } from '../kube/kube.ts';
import { waitUntil } from '../kube/wait-until.ts';
import { quoted } from './agent.ts';
import { ManifestCut, parseManifest } from './parse-manifest.ts';
import { shardedManifest } from './sharded-manifest.ts';
import { unreadable, VolumeAgent, type VolumeAgentHost } from './volume-agent.ts';
import type { Answer } from './volume-agent-session.ts';
import { WriteQueue } from './write-queue.ts';

const GONE_BUDGET_MS = 120_000;
/** Where jobs find volumes, each below its own name. */
const MOUNTED_BELOW = '/volumes';
/** The root of a disk belongs to root; who is not has a folder of its own there, whose mode and times it may set. */
const OWN_FOLDER = 'data';

/** What a claim asks for. */
export interface ClaimSpec {
  readonly claim: string;
  readonly size: string;
  /** The cluster's default class when it is left out. */
  readonly storageClass?: string | undefined;
  /** A disk that is there already. */
  readonly volumeName?: string;
  /** It holds what was there before the run: its files have owners of their own, and are only read. */
  readonly isFound?: boolean;
  readonly labels: Record<string, string>;
  /** How many pods read it together for its manifest; the harness's own one alone when it is left out. */
  readonly shards?: number | undefined;
}

/** What a claim is made from when it is not made empty. */
export interface ClaimSource {
  readonly dataSource: { readonly apiGroup: string; readonly kind: string; readonly name: string };
  /** As that says, which may be larger than what is asked for otherwise. */
  readonly size?: string | undefined;
}

/** A volume that is a claim in the cluster. The harness reads and writes it through a pod that is started when needed. */
export class ClaimVolume implements Volume {
  readonly kind = 'volume';
  readonly name: string;
  readonly path: string;
  readonly claim: string;
  /** Where jobs mount the claim; `path` is that, or a folder in it. */
  readonly mountPath: string;
  /** The folder of the claim that is the volume; empty when it is the whole. */
  readonly folder: string;
  readonly isFound: boolean;
  readonly #spec: ClaimSpec;
  readonly #host: VolumeAgentHost;
  readonly #kube: Kube;
  readonly #agent: VolumeAgent;
  readonly #writes: WriteQueue;
  #uid = '';
  #made: Promise<void> | undefined;

  /** A claim that is made when something first uses it, or when it is told what to be made from. */
  constructor(name: string, spec: ClaimSpec, host: VolumeAgentHost) {
    this.name = name;
    this.claim = spec.claim;
    this.isFound = spec.isFound ?? false;
    this.folder = host.pods.untrusted && !this.isFound ? OWN_FOLDER : '';
    this.mountPath = `${MOUNTED_BELOW}/${spec.claim}`;
    this.path = posix.join(this.mountPath, this.folder);
    this.#spec = spec;
    this.#host = host;
    this.#kube = host.kube;
    this.#agent = new VolumeAgent(host, { claim: spec.claim, folder: this.folder, isFound: this.isFound }, () =>
      this.make(),
    );
    this.#writes = new WriteQueue((script, input) => this.#agent.run(script, input));
  }

  /** Makes the claim; its disk may come only with the first pod that mounts it. */
  static async create(name: string, spec: ClaimSpec, host: VolumeAgentHost): Promise<ClaimVolume> {
    const volume = new ClaimVolume(name, spec, host);
    await volume.make();
    return volume;
  }

  /** Of the claim that was made; one that was not yet has none that would tell it from others. */
  get identity(): string {
    return `claim ${this.#kube.namespace}/${this.claim} (uid ${this.#uid})`;
  }

  /** Makes the claim unless that is done. Only one that nothing has used can still be made from something. */
  async make(source?: ClaimSource): Promise<void> {
    if (source && this.#made) throw new Error(`the claim ${this.claim} is in use and cannot be made from anything`);
    this.#made ??= this.#create(source);
    await this.#made;
  }

  /** Starts the pod that the harness works through, so that it is there when it is needed. */
  warmUp(): void {
    // Whoever needs it gets the error.
    this.mount().catch(() => {});
  }

  /** Waits until the claim has its disk, with whatever it was made from on it. */
  async mount(): Promise<void> {
    await this.#agent.start();
  }

  async *files(): AsyncIterable<FileEntry> {
    try {
      yield* this.#spec.shards === undefined ? parseManifest(this.#agent.manifest()) : this.#sharded(this.#spec.shards);
    } catch (error) {
      if (error instanceof ManifestCut) throw unreadable(this.claim, error.message);
      throw error;
    }
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    const file = this.#inside(path);
    const script = range ? `tail -c +${range.offset + 1} -- ${file} | head -c ${range.length}` : `cat -- ${file}`;
    const { stdout } = await this.#run(script, `read ${path}`);
    return stdout;
  }

  async write(path: string, bytes: Uint8Array, attributes: FileAttributes = {}): Promise<void> {
    this.#inside(path);
    await this.#writes.add({ kind: 'write', path, bytes, attributes });
  }

  async touch(path: string, attributes: FileAttributes): Promise<void> {
    this.#inside(path);
    await this.#writes.add({ kind: 'touch', path, attributes });
  }

  async remove(path: string): Promise<void> {
    this.#inside(path);
    await this.#writes.add({ kind: 'remove', path });
  }

  async has(path: string): Promise<boolean> {
    const file = this.#inside(path);
    const { stdout } = await this.#run(`if [ -e ${file} ] || [ -L ${file} ]; then echo yes; else echo no; fi`, 'look');
    return stdout.toString('utf8').trim() === 'yes';
  }

  async exists(): Promise<boolean> {
    if (!this.#made) return false;
    const { namespace } = this.#kube;
    const claim = await this.#kube.find(() =>
      this.#kube.core.readNamespacedPersistentVolumeClaim({ namespace, name: this.claim }),
    );
    return claim?.metadata?.uid === this.#uid;
  }

  /** Deletes the claim, and with it what is on its disk; whatever else mounts it must have ended. */
  async destroy(): Promise<void> {
    await this.#agent.stop();
    const { namespace } = this.#kube;
    await this.#kube.remove(() =>
      this.#kube.core.deleteNamespacedPersistentVolumeClaim({ namespace, name: this.claim }),
    );
    await waitUntil(async () => ((await this.exists()) ? undefined : true), {
      budgetMs: GONE_BUDGET_MS,
      signal: this.#kube.address.signal,
      late: () => stillThere(this.claim),
    });
  }

  /** Ends the harness's own connection to the pod; the claim stays. */
  async disconnect(): Promise<void> {
    await this.#agent.disconnect();
  }

  async #create(source?: ClaimSource): Promise<void> {
    const { claim, labels, size, storageClass, volumeName } = this.#spec;
    const { namespace } = this.#kube;
    const storage = source?.size ?? size;
    const body = {
      metadata: { name: claim, labels },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage } },
        ...(storageClass !== undefined && { storageClassName: storageClass }),
        ...(volumeName !== undefined && { volumeName }),
        ...(source && { dataSource: source.dataSource }),
      },
    };
    const { core } = this.#kube;
    await this.#kube.make(() => core.createNamespacedPersistentVolumeClaim({ namespace, body }));
    const made = await this.#kube.ask(() => core.readNamespacedPersistentVolumeClaim({ namespace, name: claim }));
    this.#uid = made.metadata?.uid ?? '';
  }

  async *#sharded(shards: number): AsyncGenerator<FileEntry> {
    const { claim, labels } = this.#spec;
    const node = await this.#agent.node();
    const { folder, isFound } = this;
    yield* shardedManifest({ claim, folder, isFound, shards, node, labels }, this.#host);
  }

  async #run(script: string, doing: string): Promise<Answer> {
    const answer = await this.#agent.run(script);
    if (answer.exitCode === 0) return answer;
    throw new DrillError({
      code: 'volume-failed',
      where: `volume/${this.name}`,
      what: `It was not possible to ${doing} in the volume ${this.claim}.`,
      next: 'see what the shell in its pod says.',
      blame: 'environment',
      tail: answer.stderr.trim(),
    });
  }

  /** The path as a word of a script, which never begins like an option. */
  #inside(path: string): string {
    const full = posix.normalize(path);
    if (full !== '..' && !full.startsWith('../') && !posix.isAbsolute(full)) return quoted(`./${path}`);
    throw new DrillError({
      code: 'outside-volume',
      where: 'substrate/kubernetes',
      what: `The path "${path}" leads out of the volume ${this.name}; nothing was read or written.`,
      next: 'this is a fault of the workload or path that made it: report it.',
      blame: 'harness',
    });
  }
}

function stillThere(claim: string): DrillError {
  return new DrillError({
    code: 'volume-left',
    where: `volume/${claim}`,
    what: `The claim ${claim} was deleted and is still there: something mounts it.`,
    next: 'see with `kubectl describe pvc` which pod holds it.',
    blame: 'environment',
  });
}
