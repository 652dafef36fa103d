import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { V1PersistentVolumeClaim, V1Pod } from '@kubernetes/client-node';
import pMap from 'p-map';
import { stringify } from 'yaml';
import { printable } from '../../../../model/printable.ts';
import { Kube } from '../kube/kube.ts';
import { PART_LABEL, type Part } from '../kube/labels.ts';
import { LOG_BYTES } from '../kube/log-bytes.ts';
import { eventLine, inOrder, statuses, timeOf } from '../kube/pod-trouble.ts';

/** All of it together: whoever waits for the verdict waits for this, too. */
const BUDGET_MS = 45_000;
const LOG_LINES = 5_000;
const TEXT_CHARS = 2 * 1024 ** 2;
const SHOWN_EVENTS = 1_000;
const AT_ONCE = 4;
/** Pods that say nothing by themselves. */
const SILENT: readonly string[] = ['volume-agent'] satisfies Part[];

/** Where logs of a run go, and how its secrets are hidden in them. */
export interface LogTarget {
  readonly logsFolder: string;
  mask(text: string): string;
}

/**
 * Writes what the cluster knows of a namespace into the logs of a run: events, pods and claims, and the end of what
 * each pod said, before a restart of it, too. Gives the names of the logs. It takes its own time, and not that of the run.
 */
export async function exportLogs(kube: Kube, target: LogTarget): Promise<string[]> {
  const own = new Kube({ ...kube.address, signal: AbortSignal.timeout(BUDGET_MS) });
  const { namespace } = own;
  const pods = (await own.ask(() => own.core.listNamespacedPod({ namespace }))).items;
  const claims = (await own.ask(() => own.core.listNamespacedPersistentVolumeClaim({ namespace }))).items;
  const events = inOrder((await own.ask(() => own.core.listNamespacedEvent({ namespace }))).items);
  const lines = events
    .slice(-SHOWN_EVENTS)
    .map((event) => `${new Date(timeOf(event)).toISOString()} ${eventLine(event)}\n`);
  const written = [
    await write('cluster.events', lines.join(''), target),
    await write('cluster.pods', [...pods, ...claims].map(described).join('---\n'), target),
  ];
  const telling = pods.filter(({ metadata }) => !SILENT.includes(metadata?.labels?.[PART_LABEL] ?? ''));
  const said = await pMap(telling, async (pod) => await podLog(pod, own, target), { concurrency: AT_ONCE });
  return [...written, ...said];
}

async function podLog(pod: V1Pod, kube: Kube, target: LogTarget): Promise<string> {
  const name = pod.metadata?.name ?? '';
  const { namespace } = kube;
  const parts: string[] = [];
  for (const { name: container, restartCount } of statuses(pod))
    for (const previous of restartCount > 0 ? [true, false] : [false]) {
      const asked = { namespace, name, container, previous, tailLines: LOG_LINES, limitBytes: LOG_BYTES };
      const text = await kube
        .ask(() => kube.core.readNamespacedPodLog(asked))
        .catch((error: unknown) => `no log: ${error instanceof Error ? error.message : String(error)}`);
      parts.push(`# ${container}${previous ? ', before it was restarted' : ''}\n${text.trimEnd()}\n`);
    }
  return await write(`pod.${name}`, parts.join(''), target);
}

/** A pod or a claim as YAML, without what only the API server needs. */
function described({ metadata, spec, status }: V1Pod | V1PersistentVolumeClaim): string {
  const { name, labels, creationTimestamp, deletionTimestamp } = metadata ?? {};
  return stringify({ metadata: { name, labels, creationTimestamp, deletionTimestamp }, spec, status });
}

/** Writes a log under its name, as `drill show --log` knows it; of what is too long the end. */
export async function write(name: string, text: string, { logsFolder, mask }: LogTarget): Promise<string> {
  await writeFile(join(logsFolder, `${name}.log`), printable(mask(text.slice(-TEXT_CHARS))));
  return name;
}
