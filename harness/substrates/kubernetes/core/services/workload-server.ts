import type { V1Container, V1Deployment, V1Pod, V1Volume } from '@kubernetes/client-node';
import { DrillError } from '../../../../model/error.ts';
import { reveal } from '../../../../model/secret.ts';
import { type Endpoint, type Mount, serverCrashed, type WorkloadServer } from '../../../../model/server.ts';
import type { Volume, World } from '../../../../model/target.ts';
import { claimOf } from '../job/job-manifest.ts';
import { literal } from '../job/literal.ts';
import { labelsOf } from '../kube/labels.ts';
import type { Pods } from '../kube/pods.ts';
import { waitUntil } from '../kube/wait-until.ts';
import { ClaimVolume } from '../volume/claim-volume.ts';
import { answering, type ServerHost } from './server.ts';

const ANYWHERE = '0.0.0.0';
const POD_BUDGET_MS = 60_000;
const PROBE_BUDGET_MS = 5_000;
const PROBE_SECONDS = 1;

/** What is needed beside the server itself. */
export interface ServeSetting {
  /** Unique in the namespace. */
  readonly name: string;
  imageOf(program: string): string;
}

/** A server that answers, and how to end the way to it. */
export interface ServedWorkload extends Endpoint {
  disconnect(): Promise<void>;
}

/** Starts the server of a workload as a Deployment with a Service, and waits until it answers. */
export async function serve(
  server: WorkloadServer,
  world: World,
  { name, imageOf }: ServeSetting,
  host: ServerHost,
): Promise<ServedWorkload> {
  const { kube, pods } = host;
  const { namespace } = kube;
  const { port } = server;
  const forward = await host.forwards.take(port);
  const { type, ...reached } = forward.service;
  const labels = { ...labelsOf(host.runId, 'service'), app: name };
  const secret = { metadata: { name, labels }, stringData: reveal(await server.env(world, { host: ANYWHERE, port })) };
  const service = {
    metadata: { name, labels },
    spec: { type, selector: { app: name }, ports: [{ port, ...reached }] },
  };
  const container = { resources: pods.resources('service'), ...containerOf(server, imageOf) };
  const body = deployment(server, server.volumes(world), { name, labels, container, pods });
  await kube.make(() => kube.core.createNamespacedSecret({ namespace, body: secret }));
  await kube.make(() => kube.core.createNamespacedService({ namespace, body: service }));
  await kube.make(() => kube.apps.createNamespacedDeployment({ namespace, body }));
  const pod = (await podOf(name, host)).metadata?.name ?? '';
  const url = `http://${forward.outside.host}:${forward.outside.port}`;
  const ask = async () => {
    await pods.requireAlive(pod);
    await probe(`${url}${server.probe}`);
  };
  try {
    await pods.untilRunning(pod);
    forward.open(pod);
    await answering(name, ask, kube.address.signal, server.readyBudgetMs);
  } catch (error) {
    throw error instanceof DrillError ? await withLastWords(error, server.title, pod, pods) : error;
  }
  const disconnect = () => forward.close();
  const stop = async () => {
    await disconnect();
    await kube.remove(() => kube.apps.deleteNamespacedDeployment({ namespace, name }));
    await pods.untilGone(pod);
  };
  return { url, disconnect, stop };
}

/** Why a server does not serve, is in what it has said itself; one that ends again and again has looked at its data. */
async function withLastWords(error: DrillError, title: string, pod: string, pods: Pods): Promise<DrillError> {
  const tail = [await pods.lastWords(pod), error.tail].filter(Boolean).join('\n');
  const { where, what, next, blame, code } = error;
  if (code !== 'crashed') return new DrillError({ ...{ code, where, what, next, blame, tail }, cause: error });
  return serverCrashed(title, what, { tail, cause: error });
}

async function podOf(name: string, { kube }: ServerHost): Promise<V1Pod> {
  const { namespace } = kube;
  const look = async () =>
    (await kube.ask(() => kube.core.listNamespacedPod({ namespace, labelSelector: `app=${name}` }))).items[0];
  return await waitUntil(look, {
    budgetMs: POD_BUDGET_MS,
    signal: kube.address.signal,
    late: () =>
      new DrillError({
        code: 'pod-not-made',
        where: `service/${name}`,
        what: `No pod was made for the Deployment ${name} within ${POD_BUDGET_MS / 1000} s.`,
        next: 'see in the events of the namespace what keeps it: a quota, a policy, or a controller that does not run.',
        blame: 'environment',
      }),
  });
}

async function probe(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_BUDGET_MS) });
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}`);
}

/** The image and the command; for a program those of the image that jobs take it from. */
function containerOf({ runs, name }: WorkloadServer, imageOf: (program: string) => string): Partial<V1Container> {
  if ('image' in runs) return { image: runs.image };
  const image = imageOf(runs.program);
  const strangers = Object.values(runs.calls).filter((program) => imageOf(program) !== image);
  if (strangers.length > 0)
    throw new Error(`${name} runs in ${image}, and calls ${strangers.join(', ')}, which come from another image`);
  return {
    image,
    command: [runs.program, ...runs.args].map(literal),
    env: Object.entries(runs.calls).map(([variable, program]) => ({ name: variable, value: literal(program) })),
    // The files of a library have owners of their own.
    securityContext: { runAsUser: 0, runAsGroup: 0 },
  };
}

/** The folder of a claim that is the volume, where that is not the whole. */
function folderOf(volume: Volume): { subPath?: string } {
  return volume instanceof ClaimVolume && volume.folder !== '' ? { subPath: volume.folder } : {};
}

/** What a Deployment of one pod is made of. */
interface DeploymentParts {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly container: Partial<V1Container>;
  readonly pods: Pods;
}

function deployment(
  { port, probe, runs }: WorkloadServer,
  mounts: readonly Mount[],
  { name, labels, container, pods }: DeploymentParts,
): V1Deployment {
  const volumes: V1Volume[] = mounts.map(({ volume }, i) => ({
    name: `volume-${i}`,
    persistentVolumeClaim: { claimName: claimOf(volume) },
  }));
  const main: V1Container = {
    imagePullPolicy: 'IfNotPresent',
    ports: [{ containerPort: port }],
    envFrom: [{ secretRef: { name } }],
    readinessProbe: { httpGet: { path: probe, port }, periodSeconds: PROBE_SECONDS },
    volumeMounts: mounts.map(({ volume, readOnly = false, at = volume.path }, i) => ({
      ...{ name: `volume-${i}`, mountPath: at, readOnly, ...folderOf(volume) },
    })),
    ...container,
    name: 'server',
  };
  return {
    metadata: { name, labels },
    spec: {
      replicas: 1,
      // Two at once would both write to what was restored.
      strategy: { type: 'Recreate' },
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels },
        spec: pods.confined(
          { automountServiceAccountToken: false, enableServiceLinks: false, containers: [main], volumes },
          { ownImage: 'image' in runs },
        ),
      },
    },
  };
}
