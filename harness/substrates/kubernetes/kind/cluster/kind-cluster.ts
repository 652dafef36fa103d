import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pRetry, { AbortError } from 'p-retry';
import { stringify } from 'yaml';
import { DrillError } from '../../../../model/error.ts';
import { type KindProgram, runKind } from './kind-program.ts';
import { type PortPair, reservePorts } from './node-ports.ts';

const CREATE_BUDGET_MS = 10 * 60_000;
const READY_BUDGET_MS = 180_000;
/** Its disk goes with it, which takes a busy machine its time. */
const DELETE_BUDGET_MS = 5 * 60_000;
const LOAD_BUDGET_MS = 10 * 60_000;
const PORT_TRIES = 3;
const PORT_TAKEN = /address already in use|port is already allocated/i;

/** What a cluster of a run is made of. */
export interface KindClusterSpec extends KindProgram {
  readonly image: string;
  readonly workFolder: string;
  /** How many servers can be reached from this machine. */
  readonly ports: number;
  /** Folders of this machine that the node gets. */
  readonly mounts: readonly {
    readonly hostPath: string;
    readonly containerPath: string;
    readonly readOnly?: boolean;
  }[];
  readonly signal: AbortSignal;
  /** How long it may take until its node is ready. */
  readonly readyBudgetMs?: number | undefined;
  /** Called while what could not be made is still there. */
  failed?(): Promise<void>;
}

/** A cluster that runs, and how to reach it. */
export interface KindCluster {
  readonly name: string;
  readonly kubeconfig: string;
  readonly ports: readonly PortPair[];
}

/** Makes a cluster of one node. When it cannot, nothing of it is left. */
export async function createCluster(spec: KindClusterSpec): Promise<KindCluster> {
  const kubeconfig = join(spec.workFolder, `${spec.cluster}.kubeconfig`);
  try {
    return await pRetry(
      async () => {
        const ports = await reservePorts(spec.ports);
        await createOnce(spec, kubeconfig, ports);
        return { name: spec.cluster, kubeconfig, ports };
      },
      { retries: PORT_TRIES, minTimeout: 0, signal: spec.signal },
    );
  } catch (error) {
    // What happened counts; what cannot be removed now, `drill gc` finds.
    await deleteCluster(spec, kubeconfig).catch(() => {});
    throw error;
  }
}

async function createOnce(spec: KindClusterSpec, kubeconfig: string, ports: readonly PortPair[]): Promise<void> {
  const ready = `${(spec.readyBudgetMs ?? READY_BUDGET_MS) / 1000}s`;
  const config = join(spec.workFolder, `${spec.cluster}.yaml`);
  await writeFile(config, stringify(configuration(spec, ports)));
  const args = ['--image', spec.image, '--config', config, '--kubeconfig', kubeconfig, '--wait', ready];
  const { signal } = spec;
  const made = await runKind(spec, ['create', 'cluster', '--name', spec.cluster, '--retain', ...args], {
    budgetMs: CREATE_BUDGET_MS,
    signal,
  });
  // kind ends well, too, when the node did not get ready in time: it only says so.
  const isReady = !/WARNING: Timed out waiting/i.test(made.tail);
  if (made.ok && isReady) return;
  const error = new DrillError({
    code: made.ok ? 'cluster-not-ready' : 'cluster-not-made',
    where: 'substrate/kind',
    what: made.ok
      ? `The cluster ${spec.cluster} was made, but was not ready within ${ready}.`
      : `The cluster ${spec.cluster} could not be made of the image ${spec.image}.`,
    next: `read what kind says, and its node in the logs of the run; \`docker image inspect ${spec.image}\` tells whether the node image is here.`,
    blame: 'environment',
    tail: made.tail,
  });
  const retry = PORT_TAKEN.test(made.tail);
  if (!retry) await spec.failed?.();
  await deleteCluster(spec, kubeconfig);
  if (retry) throw error;
  throw new AbortError(error);
}

function configuration({ workFolder, mounts }: KindClusterSpec, ports: readonly PortPair[]): object {
  return {
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    nodes: [
      {
        role: 'control-plane',
        // kind cannot label a node's container: the mount tells `drill gc` whose it is.
        extraMounts: [
          { hostPath: join(workFolder, OWNER_FILE), containerPath: OWNER_MOUNT, readOnly: true },
          ...mounts,
        ],
        extraPortMappings: ports.map(({ nodePort, hostPort }) => ({
          containerPort: nodePort,
          hostPort,
          listenAddress: '127.0.0.1',
          protocol: 'TCP',
        })),
      },
    ],
  };
}

const OWNER_FILE = 'owner.json';

/** Where a node has the note of who owns it. */
export const OWNER_MOUNT = '/restore-drill-owner.json';

/** Copies images that this machine has into the node; the cluster pulls the others itself. Gives those it copied. */
export async function loadImages(
  program: KindProgram,
  images: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const here: string[] = [];
  for (const image of new Set(images))
    if ((await program.docker.run(['image', 'inspect', '--format', '{{.Id}}', image])).ok) here.push(image);
  if (here.length === 0) return [];
  const loaded = await runKind(program, ['load', 'docker-image', '--name', program.cluster, ...here], {
    budgetMs: LOAD_BUDGET_MS,
    signal,
  });
  if (loaded.ok) return here;
  throw new DrillError({
    code: 'images-not-loaded',
    where: 'substrate/kind',
    what: `The images ${here.join(', ')} could not be copied into the cluster.`,
    next: 'read what kind says; a full disk is the usual cause.',
    blame: 'environment',
    tail: loaded.tail,
  });
}

/** Deletes a cluster, its volumes and its network; that it is gone already is fine. */
export async function deleteCluster(program: KindProgram, kubeconfig?: string): Promise<void> {
  const { docker, cluster, network } = program;
  const args = kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig];
  const deleted = await runKind(program, ['delete', 'cluster', '--name', cluster, ...args], {
    budgetMs: DELETE_BUDGET_MS,
  });
  const left = await docker.run(['ps', '--all', '--quiet', '--filter', `label=io.x-k8s.kind.cluster=${cluster}`]);
  if (!deleted.ok || !left.ok || left.stdout.trim() !== '')
    throw new DrillError({
      code: 'cluster-left',
      where: 'substrate/kind',
      what: `The cluster ${cluster} could not be deleted.`,
      next: `run \`kind delete cluster --name ${cluster}\`, or \`drill gc\` when Docker is well again.`,
      blame: 'environment',
      tail: [deleted.tail, left.tail].join('\n'),
    });
  // It fails when there is none, or when the next cluster or the store is in it: then nothing is to be done.
  await docker.run(['network', 'rm', network]);
}
