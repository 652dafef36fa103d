import { Docker } from '../../../machine/docker/docker.ts';
import { nameOfPlace, nameOfRun } from '../../../machine/docker/run-name.ts';
import type { Toolbox } from '../../../machine/tools/toolbox/toolbox.ts';
import { expiresAt } from '../../../machine/work-folders/expires-at.ts';
import { DrillError } from '../../../model/error.ts';
import type { SubstrateContext } from '../../../model/substrate.ts';
import { type ImageMap, imageOf } from '../core/images.ts';
import { STANDARD_LABEL, standardOf } from '../core/kube/confined.ts';
import { Kube, type KubeAddress } from '../core/kube/kube.ts';
import { EXPIRES_ANNOTATION, labelsOf } from '../core/kube/labels.ts';
import { waitUntil } from '../core/kube/wait-until.ts';
import { anywhere, buildWalls } from '../core/kube/walls.ts';
import type { Answers } from '../core/programs/image-programs.ts';
import { askHost } from './ask-host.ts';
import {
  createCluster,
  deleteCluster,
  type KindCluster,
  type KindClusterSpec,
  loadImages,
} from './cluster/kind-cluster.ts';
import type { KindProgram } from './cluster/kind-program.ts';
import { exportNodeLogs } from './cluster/node-logs.ts';
import { PortPool } from './cluster/node-ports.ts';

const ACCOUNT_BUDGET_MS = 60_000;

/** How a cluster of a run is made. */
export interface ClusterOptions {
  readonly toolbox: Toolbox;
  readonly images: ImageMap;
  readonly moreImages?: readonly string[];
  readonly ports: number;
  readonly workFolder: string;
  readonly readyBudgetMs?: number | undefined;
  /** Which of the run's clusters it is, from 1. */
  readonly nth: number;
  readonly mounts: KindClusterSpec['mounts'];
}

/** A cluster of a run with a namespace in it, and what can undo it. */
export interface OpenCluster {
  readonly program: KindProgram;
  readonly cluster: KindCluster;
  readonly kube: Kube;
  readonly forwards: PortPool;
  readonly answers: Promise<Answers>;
  /** Goes on looking after that. */
  readonly observerClient: Kube;
  /** Gives up on it: whatever still asks gets the error at once. */
  end(why: Error): void;
}

/** Makes a cluster for a run, with the images that this machine has, and a namespace in it. */
export async function openCluster(context: SubstrateContext, options: ClusterOptions): Promise<OpenCluster> {
  const { toolbox, images, workFolder } = options;
  const docker = await Docker.find();
  if (!(docker instanceof Docker)) throw noDocker(docker);
  const kind = await toolbox.provide('kind');
  const kubectl = await toolbox.provide('kubectl');
  const program: KindProgram = {
    docker,
    command: kind.location,
    cluster: nameOfPlace(context.runId, options.nth),
    network: nameOfRun(context.runId),
    runId: context.runId,
  };
  const { signal } = context;
  const answers = askHost(docker, images, context.runId, signal).catch((): Answers => new Map());
  const startedMs = performance.now();
  const cluster = await createCluster({
    ...program,
    image: imageOf(images, 'kindNode'),
    workFolder,
    ...{ ports: options.ports, mounts: options.mounts, readyBudgetMs: options.readyBudgetMs, signal },
    failed: async () => await explain(context, program),
  });
  try {
    context.note('cluster', { name: cluster.name, seconds: secondsSince(startedMs), kind: kind.version });
    const { kindNode, ...ofPods } = images;
    const loaded = await loadImages(program, [...Object.values(ofPods), ...(options.moreImages ?? [])], signal);
    context.note('images', { loaded, node: kindNode, seconds: secondsSince(startedMs) });
    const { kubeconfig, name: namespace } = cluster;
    const inside = inNamespace(context, { kubeconfig, namespace, kubectl: kubectl.location });
    await makeNamespace(inside.kube, context);
    return { program, cluster, ...inside, forwards: new PortPool(cluster.ports), answers };
  } catch (error) {
    await explain(context, program);
    // What happened counts; what cannot be removed now, `drill gc` finds.
    await deleteCluster(program, cluster.kubeconfig).catch(() => {});
    throw error;
  }
}

/** Keeps what the nodes say of why a cluster is of no use, before it goes. */
async function explain(context: SubstrateContext, program: KindProgram): Promise<void> {
  if (context.signal.aborted) return;
  try {
    context.note('logs-exported', { logs: await exportNodeLogs(program, context) });
  } catch (error) {
    context.note('logs-not-exported', { why: error instanceof Error ? error.message : String(error) });
  }
}

/** Another namespace in the same cluster, since one of the same name would be taken for that which is gone. */
export async function newNamespace(context: SubstrateContext, open: OpenCluster, nth: number): Promise<OpenCluster> {
  const namespace = nameOfPlace(context.runId, nth);
  const inside = inNamespace(context, { ...open.kube.address, namespace });
  await makeNamespace(inside.kube, context);
  return { ...open, ...inside };
}

function inNamespace(
  { signal }: SubstrateContext,
  address: Omit<KubeAddress, 'signal'>,
): Pick<OpenCluster, 'kube' | 'observerClient' | 'end'> {
  const over = new AbortController();
  const kube = new Kube({ ...address, signal: AbortSignal.any([signal, over.signal]) });
  return { kube, observerClient: new Kube({ ...address, signal }), end: (why) => over.abort(why) };
}

async function makeNamespace(kube: Kube, context: SubstrateContext): Promise<void> {
  const name = kube.namespace;
  const { runId, readsOver, untrusted } = context;
  const labels = { ...labelsOf(runId, 'volume'), [STANDARD_LABEL]: standardOf(context) };
  const metadata = { name, labels, annotations: { [EXPIRES_ANNOTATION]: expiresAt() } };
  await kube.make(() => kube.core.createNamespace({ body: { metadata } }));
  // This machine comes in through ports of the node, and a store of the run may be beside the cluster.
  if (untrusted) await buildWalls(kube, { outside: anywhere(readsOver), untrusted, entered: true });
  // Until its account is there no pod can be made.
  await waitUntil(() => kube.find(() => kube.core.readNamespacedServiceAccount({ namespace: name, name: 'default' })), {
    budgetMs: ACCOUNT_BUDGET_MS,
    signal: kube.address.signal,
    late: () =>
      new DrillError({
        code: 'cluster-not-ready',
        where: 'substrate/kind',
        what: `The cluster made no account for the namespace ${name} within ${ACCOUNT_BUDGET_MS / 1000} s.`,
        next: 'see whether its controller manager runs, and whether the machine is short of memory.',
        blame: 'environment',
      }),
  });
}

function noDocker(why: string): DrillError {
  return new DrillError({
    code: 'docker-missing',
    where: 'substrate/kind',
    what: `A kind cluster needs Docker, but ${why}.`,
    next: 'start Docker, or run the drill on this machine itself with `--on local`.',
    blame: 'environment',
  });
}

function secondsSince(startedMs: number): number {
  return (performance.now() - startedMs) / 1000;
}
