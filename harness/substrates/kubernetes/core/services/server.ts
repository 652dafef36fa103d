import type { V1Container, V1PodSpec, V1Secret, V1StatefulSet, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import pRetry, { AbortError } from 'p-retry';
import { DrillError } from '../../../../model/error.ts';
import { ACCOUNTS } from '../kube/accounts.ts';
import type { Kube } from '../kube/kube.ts';
import { labelsOf } from '../kube/labels.ts';
import type { Pods } from '../kube/pods.ts';
import type { PortForwards } from './port-forward.ts';

const READY_BUDGET_MS = 120_000;
const READY_POLL_MS = 150;
const STOP_SECONDS = 30;

/** What servers need of the substrate. */
export interface ServerHost {
  readonly runId: string;
  readonly kube: Kube;
  readonly pods: Pods;
  readonly forwards: PortForwards;
}

/** One server: a StatefulSet of one pod, a Service in front of it, a Secret with its settings. */
export interface ServerSpec {
  /** Unique in the namespace: the host name by which jobs reach it. */
  readonly name: string;
  readonly port: number;
  /** The claim that holds its data. */
  readonly claim: string;
  readonly dataPath: string;
  /** The folder of the claim that is mounted there; the whole when it is left out. */
  readonly dataFolder?: string;
  /** Files and variables with secrets, by key; files are found below `/drill`. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly container: Omit<V1Container, 'name'>;
  readonly initContainers?: readonly V1Container[];
  readonly pod?: Partial<V1PodSpec>;
  /** Folders beside its data that it writes to, in images that keep it from that. */
  readonly writes?: readonly string[];
  /** The accounts that it knows, instead of those of its image. */
  readonly accounts?: string | undefined;
}

/** Where servers find the files of their Secret. */
export const SETTINGS_PATH = '/drill';
/** The name of the volume with the data. */
export const DATA = 'data';

/** A server that runs. */
export interface Server {
  readonly name: string;
  /** The name of its pod. */
  readonly pod: string;
  readonly port: number;
  readonly outside: { readonly host: string; readonly port: number };
  /** Waits until `ask` does not throw any more; a pod that cannot start ends the waiting. */
  untilReady(ask: () => Promise<void>): Promise<void>;
  /** Ends it and waits until it has ended; its data stays. */
  stop(): Promise<void>;
}

/** Starts a server, which may not answer yet. */
export async function startServer(spec: ServerSpec, host: ServerHost): Promise<Server> {
  const { kube, pods } = host;
  const { namespace } = kube;
  const { name, port } = spec;
  const forward = await host.forwards.take(port);
  const { type, ...reached } = forward.service;
  const labels = { ...labelsOf(host.runId, 'service'), app: name };
  const secret: V1Secret = {
    metadata: { name, labels },
    stringData: { ...spec.secrets, ...(spec.accounts && { [ACCOUNTS]: spec.accounts }) },
  };
  const service = {
    metadata: { name, labels },
    spec: { type, selector: { app: name }, ports: [{ port, ...reached }] },
  };
  await kube.make(() => kube.core.createNamespacedSecret({ namespace, body: secret }));
  await kube.make(() => kube.core.createNamespacedService({ namespace, body: service }));
  await kube.make(() => kube.apps.createNamespacedStatefulSet({ namespace, body: statefulSet(spec, labels, pods) }));
  const pod = `${name}-0`;
  forward.open(pod);
  const stop = async () => {
    await forward.close();
    await kube.remove(() => kube.apps.deleteNamespacedStatefulSet({ namespace, name }));
    await kube.remove(() => kube.core.deleteNamespacedService({ namespace, name }));
    await kube.remove(() => kube.core.deleteNamespacedSecret({ namespace, name }));
    await pods.untilGone(pod);
  };
  return {
    ...{ name, pod, port, stop },
    outside: forward.outside,
    untilReady: async (ask) => {
      await pods.untilRunning(pod);
      await answering(name, ask, kube.address.signal);
    },
  };
}

/** Asks until it does not throw any more; an error says that the server did not answer in time. */
export async function answering(
  name: string,
  ask: () => Promise<void>,
  signal: AbortSignal,
  budgetMs = READY_BUDGET_MS,
): Promise<void> {
  try {
    await pRetry(ask, {
      retries: budgetMs / READY_POLL_MS,
      minTimeout: READY_POLL_MS,
      factor: 1,
      maxRetryTime: budgetMs,
      signal,
      shouldRetry: ({ error }) => !(error instanceof AbortError || error instanceof DrillError),
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DrillError) throw error;
    throw new DrillError({
      code: 'service-not-ready',
      where: `service/${name}`,
      what: `${name} was started, but did not answer within ${budgetMs / 1000} s.`,
      next: `read what it says with \`kubectl logs -l app=${name}\` (run with --keep on-failure).`,
      blame: 'environment',
      cause: error,
    });
  }
}

function statefulSet(spec: ServerSpec, labels: Record<string, string>, pods: Pods): V1StatefulSet {
  const resources = pods.resources('service');
  const { name, container, initContainers = [], accounts } = spec;
  const writes = pods.untrusted ? (spec.writes ?? []) : [];
  const volumes: V1Volume[] = [
    { name: DATA, persistentVolumeClaim: { claimName: spec.claim } },
    { name: 'settings', secret: { secretName: name, defaultMode: 0o444 } },
    ...writes.map((_, i) => ({ name: `writes-${i}`, emptyDir: {} })),
  ];
  const mounts: V1VolumeMount[] = [
    { name: DATA, mountPath: spec.dataPath, ...(spec.dataFolder && { subPath: spec.dataFolder }) },
    { name: 'settings', mountPath: SETTINGS_PATH, readOnly: true },
    ...writes.map((mountPath, i) => ({ name: `writes-${i}`, mountPath })),
    ...(accounts === undefined
      ? []
      : [{ name: 'settings', mountPath: '/etc/passwd', subPath: ACCOUNTS, readOnly: true }]),
  ];
  return {
    metadata: { name, labels },
    spec: {
      serviceName: name,
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels },
        spec: pods.confined({
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: STOP_SECONDS,
          ...spec.pod,
          initContainers: initContainers.map((one) => ({
            imagePullPolicy: 'IfNotPresent',
            volumeMounts: mounts,
            resources,
            ...one,
          })),
          containers: [
            {
              imagePullPolicy: 'IfNotPresent',
              ports: [{ containerPort: spec.port }],
              readinessProbe: { tcpSocket: { port: spec.port }, periodSeconds: 1 },
              volumeMounts: mounts,
              resources,
              ...container,
              name: 'server',
            },
          ],
          volumes,
        }),
      },
    },
  };
}

/** A variable of a container that comes out of the server's Secret. */
export function fromSecret(server: string, variable: string) {
  return { name: variable, valueFrom: { secretKeyRef: { name: server, key: variable } } };
}
