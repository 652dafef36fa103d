import type { Target } from '../../../../model/target.ts';
import { ClaimVolume } from './claim-volume.ts';
import type { VolumeAgentHost } from './volume-agent.ts';

/** What all claims of a namespace have in common. */
export interface ClaimsSpec {
  readonly host: VolumeAgentHost;
  readonly size: string;
  readonly labels: Record<string, string>;
  readonly storageClass?: string | undefined;
  readonly shards?: number | undefined;
  /** A name that nothing else in the namespace has. */
  nameFor(name: string): string;
}

/** The claims of one namespace, and which of them holds the data of which server. */
export class Claims {
  readonly #spec: ClaimsSpec;
  readonly #made: ClaimVolume[] = [];
  readonly #dataOf = new Map<object, ClaimVolume>();

  constructor(spec: ClaimsSpec) {
    this.#spec = spec;
  }

  /** A claim that is made when something first uses it. */
  unused(name: string): ClaimVolume {
    const { host, nameFor, ...common } = this.#spec;
    const volume = new ClaimVolume(name, { ...common, claim: nameFor(name) }, host);
    this.#made.push(volume);
    return volume;
  }

  /** A claim for what was there before the run, which is only read. */
  found(name: string, storageClass: string): ClaimVolume {
    const { host, nameFor, ...common } = this.#spec;
    const volume = new ClaimVolume(name, { ...common, storageClass, claim: nameFor(name), isFound: true }, host);
    this.#made.push(volume);
    return volume;
  }

  async make(name: string): Promise<ClaimVolume> {
    const volume = this.unused(name);
    await volume.make();
    return volume;
  }

  /** A claim of a folder of the node, which is there before it and stays behind; `isFound`: one of this machine. */
  async onNode(name: string, path: string, isFound = false): Promise<ClaimVolume> {
    const { host, size, labels, nameFor } = this.#spec;
    const { kube } = host;
    const claim = nameFor(name);
    const volumeName = `${kube.namespace}-${claim}`;
    const spec = {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: size },
      hostPath: { path, type: 'Directory' },
      persistentVolumeReclaimPolicy: 'Retain',
      claimRef: { namespace: kube.namespace, name: claim },
    };
    await kube.make(() => kube.core.createPersistentVolume({ body: { metadata: { name: volumeName, labels }, spec } }));
    const volume = new ClaimVolume(name, { claim, size, labels, storageClass: '', volumeName, isFound }, host);
    this.#made.push(volume);
    await volume.make();
    return volume;
  }

  /** Remembers where a server has its data. */
  holds(data: ClaimVolume, server: object): void {
    this.#dataOf.set(server, data);
  }

  /** The claim that a volume is, or that holds a server's data. */
  of(target: Target): ClaimVolume {
    const claim = target instanceof ClaimVolume ? target : this.#dataOf.get(target);
    if (claim) return claim;
    throw new Error(`${target.identity} has no claim in the namespace ${this.#spec.host.kube.namespace}`);
  }

  /** All that the harness is connected to. */
  all(): readonly ClaimVolume[] {
    return this.#made;
  }
}
