import type { CoreV1Event, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Kube } from './kube.ts';

/** Reasons that no waiting mends; a pull is tried again by the cluster, but not in the time of a drill. */
const HOPELESS =
  /^(ImagePullBackOff|ErrImageNeverPull|InvalidImageName|CreateContainerConfigError|CreateContainerError|RunContainerError)$/;
/** What a node says that has had no time for it: it tries again by itself. */
const TRIES_AGAIN = /context deadline exceeded|DeadlineExceeded|name "[^"]*" is reserved for/;
const SHOWN_EVENTS = 6;
/** The exit code of what SIGKILL has ended. */
const KILLED = 137;
/** A server may end once because what it needs is not there yet. */
const MOST_RESTARTS = 2;

/** Why a pod does not do what it should. */
export interface PodTrouble {
  readonly code:
    | 'image-missing'
    | 'volume-pending'
    | 'pod-not-scheduled'
    | 'pod-not-started'
    | 'crashed'
    | 'out-of-memory'
    | 'evicted'
    | 'deadline';
  /** One clause. */
  readonly why: string;
}

/** What keeps a pod from starting and will go on doing so; undefined while there is hope. */
export function hopeless(pod: V1Pod): PodTrouble | undefined {
  for (const { image, state } of statuses(pod)) {
    const { reason = '', message = '' } = state?.waiting ?? {};
    if (!HOPELESS.test(reason) || TRIES_AGAIN.test(message)) continue;
    const code = /image/i.test(reason) ? 'image-missing' : 'pod-not-started';
    return { code, why: `the image ${image}: ${reason}${message ? ` (${message})` : ''}` };
  }
  return undefined;
}

/** What ends again and again however often the cluster starts it; undefined while there is hope. */
export function crashing(pod: V1Pod): PodTrouble | undefined {
  for (const { name, restartCount, lastState } of statuses(pod)) {
    const ended = lastState?.terminated;
    if (!ended || restartCount < MOST_RESTARTS) continue;
    if (ended.reason === 'OOMKilled' || ended.exitCode === KILLED)
      return { code: 'out-of-memory', why: `${name} was killed ${restartCount} times, as by a lack of memory` };
    return {
      code: 'crashed',
      why: `${name} ended ${restartCount} times, the last time with exit code ${ended.exitCode}`,
    };
  }
  return undefined;
}

/** What a pod that has not started in time waits for, by its own conditions and the claims that it mounts. */
export async function whyNotStarted(kube: Kube, pod: V1Pod): Promise<PodTrouble> {
  const pending = await pendingClaims(kube, pod);
  if (pending.length > 0) return { code: 'volume-pending', why: `the volume ${pending.join(', ')} stays Pending` };
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False')
    return { code: 'pod-not-scheduled', why: `no node takes it (${scheduled.message ?? scheduled.reason ?? ''})` };
  const waiting = statuses(pod).flatMap(({ name, state }) =>
    state?.waiting ? [`${name} waits: ${state.waiting.message ?? state.waiting.reason ?? 'no reason given'}`] : [],
  );
  return { code: 'pod-not-started', why: waiting.join('; ') || `it is ${pod.status?.phase ?? 'in no known phase'}` };
}

/** Why the cluster itself ended a pod or one of its containers; undefined when the program ended by itself. */
export function endedByCluster(pod: V1Pod): PodTrouble | undefined {
  const { status } = pod;
  const { reason, message } = status ?? {};
  if (reason === 'DeadlineExceeded') return { code: 'deadline', why: message ?? 'its time was up' };
  if (reason === 'Evicted') return { code: 'evicted', why: message ?? 'the node was short of something' };
  // A node that was lost, shut down or drained, or that took a pod that it had no room for: a program gives no reasons.
  if (reason && status?.phase === 'Failed')
    return { code: 'evicted', why: `${reason}${message ? ` (${message})` : ''}` };
  for (const { name, state } of statuses(pod))
    if (state?.terminated?.reason === 'OOMKilled')
      return { code: 'out-of-memory', why: `${name} used more memory than it may have` };
  return undefined;
}

/** The last events of a pod and of the claims that it mounts, one a line: where Kubernetes says what is wrong. */
export async function eventLines(kube: Kube, pod: V1Pod): Promise<string> {
  return await eventsAbout(kube, [pod.metadata?.name ?? '', ...claimNames(pod)]);
}

/** The last events of objects by their names, one a line. */
export async function eventsAbout(kube: Kube, names: readonly string[]): Promise<string> {
  const all = await kube.ask(() => kube.core.listNamespacedEvent({ namespace: kube.namespace }));
  const about = all.items.filter(({ involvedObject }) => names.includes(involvedObject.name ?? ''));
  return inOrder(about).slice(-SHOWN_EVENTS).map(eventLine).join('\n');
}

/** Events, oldest first. */
export function inOrder(events: readonly CoreV1Event[]): CoreV1Event[] {
  return events.toSorted((a, b) => timeOf(a) - timeOf(b));
}

/** What an event says. */
export function eventLine({ type, reason, involvedObject, message }: CoreV1Event): string {
  return `${type} ${reason} ${involvedObject.kind} ${involvedObject.name}: ${message}`;
}

/** All containers of a pod that have a status, in the order in which they run. */
export function statuses(pod: V1Pod): V1ContainerStatus[] {
  return [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
}

/** When an event came last, in milliseconds since 1970. */
export function timeOf({ lastTimestamp, eventTime, metadata }: CoreV1Event): number {
  return new Date(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? 0).getTime();
}

function claimNames(pod: V1Pod): string[] {
  return (pod.spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim ? [persistentVolumeClaim.claimName] : [],
  );
}

async function pendingClaims(kube: Kube, pod: V1Pod): Promise<string[]> {
  const pending: string[] = [];
  for (const name of claimNames(pod)) {
    const claim = await kube.find(() =>
      kube.core.readNamespacedPersistentVolumeClaim({ namespace: kube.namespace, name }),
    );
    if (claim?.status?.phase !== 'Bound') pending.push(name);
  }
  return pending;
}
