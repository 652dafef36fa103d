import { randomBytes } from 'node:crypto';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { FileEntry } from '../../../../model/manifest.ts';
import { literal } from '../job/literal.ts';
import { PART_LABEL, type Part } from '../kube/labels.ts';
import { LOG_BYTES } from '../kube/log-bytes.ts';
import { endedByCluster, eventLines, hopeless } from '../kube/pod-trouble.ts';
import { AS_ROOT, podTrouble } from '../kube/pods.ts';
import { waitUntil } from '../kube/wait-until.ts';
import { KEPT_AT, manifestScript } from './agent.ts';
import { mergeEntries } from './merge-entries.ts';
import { ManifestCut, parseManifest } from './parse-manifest.ts';
import { streamScript } from './stream-script.ts';
import { callFor, keptAt, unreadable, type VolumeAgentHost } from './volume-agent.ts';

const BUDGET_MS = 6 * 3_600_000;
const OWN = '/drill';
const RESULT = `${OWN}/manifest`;
const LISTING = `${OWN}/listing`;
const READY = `${OWN}/ready`;
const PART: Part = 'job';

/** What is to be read, and by how many. */
export interface ShardSetting {
  readonly claim: string;
  /** The folder of the claim that is the volume; empty when it is the whole. */
  readonly folder: string;
  /** It is a folder of this machine. */
  readonly isFound: boolean;
  readonly shards: number;
  /** Where the volume is mounted already. */
  readonly node: string;
  readonly labels: Record<string, string>;
}

/**
 * The manifest of a volume, made by an Indexed Job: each of its pods reads a share of the files where they are, and only
 * digests travel. That all of them saw the same listing is checked, and each result has a trailer.
 */
export async function* shardedManifest(setting: ShardSetting, host: VolumeAgentHost): AsyncGenerator<FileEntry> {
  const { claim, shards } = setting;
  const { kube } = host;
  const { namespace } = kube;
  const name = `read-${claim}-${randomBytes(3).toString('hex')}`;
  await kube.make(() => kube.batch.createNamespacedJob({ namespace, body: shardJob(name, setting, host) }));
  try {
    const pods = await untilRead(name, setting, host);
    const calls = pods.map(({ metadata }) => callFor(host, metadata?.name ?? ''));
    const failed = (why: string) => unreadable(claim, why);
    const seen = await Promise.all(calls.map(async (call) => await text(streamScript(call, `cat ${LISTING}`, failed))));
    if (new Set(seen).size !== 1 || seen[0] === '')
      throw new ManifestCut(`the ${shards} pods that read it did not find the same files`);
    yield* mergeEntries(calls.map((call) => parseManifest(streamScript(call, `cat ${RESULT}`, failed))));
  } finally {
    if (!kube.address.signal.aborted)
      await kube.remove(() =>
        kube.batch.deleteNamespacedJob({ namespace, name, propagationPolicy: 'Background', gracePeriodSeconds: 0 }),
      );
  }
}

async function untilRead(
  name: string,
  { claim, shards }: ShardSetting,
  { kube, pods }: VolumeAgentHost,
): Promise<V1Pod[]> {
  const { namespace } = kube;
  const labelSelector = `batch.kubernetes.io/job-name=${name}`;
  return await waitUntil(
    async () => {
      const { items } = await kube.ask(() => kube.core.listNamespacedPod({ namespace, labelSelector }));
      for (const pod of items) {
        const trouble = hopeless(pod) ?? endedByCluster(pod);
        if (trouble) throw podTrouble(`manifest/${claim}`, trouble, await eventLines(kube, pod));
        const podName = pod.metadata?.name ?? '';
        if (pod.status?.phase === 'Failed')
          throw unreadable(
            claim,
            await kube.ask(() => kube.core.readNamespacedPodLog({ namespace, name: podName, limitBytes: LOG_BYTES })),
          );
      }
      return items.length === shards && items.every(isReady) ? items : undefined;
    },
    {
      budgetMs: BUDGET_MS + pods.startBudgetMs,
      signal: kube.address.signal,
      late: () => unreadable(claim, `${shards} pods did not read it within ${BUDGET_MS / 3_600_000} hours`),
    },
  );
}

function shardJob(
  name: string,
  { claim, folder, isFound, shards, node, labels }: ShardSetting,
  host: VolumeAgentHost,
): V1Job {
  const share = { index: '$JOB_COMPLETION_INDEX', of: shards, listing: LISTING };
  const script = `(${manifestScript(keptAt({ folder }), share)}) >${RESULT} || exit 1
touch ${READY}
trap "exit 0" TERM
while :; do sleep 3600 & wait $!; done`;
  const own = { ...labels, [PART_LABEL]: PART };
  // Most kinds of volumes can be mounted on one node alone.
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }];
  const required = { nodeSelectorTerms: [{ matchFields }] };
  return {
    metadata: { name, labels: own },
    spec: {
      completionMode: 'Indexed',
      completions: shards,
      parallelism: shards,
      backoffLimit: 0,
      template: {
        metadata: { labels: own },
        spec: host.pods.confined(
          {
            ...AS_ROOT,
            affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
            containers: [
              {
                name: 'reader',
                image: host.image,
                imagePullPolicy: 'IfNotPresent',
                command: ['sh', '-c', literal(script)],
                resources: host.pods.resources(PART),
                readinessProbe: { exec: { command: ['test', '-e', READY] }, periodSeconds: 1 },
                volumeMounts: [
                  { name: 'volume', mountPath: KEPT_AT, readOnly: true },
                  { name: 'own', mountPath: OWN },
                ],
              },
            ],
            volumes: [
              { name: 'volume', persistentVolumeClaim: { claimName: claim, readOnly: isFound } },
              { name: 'own', emptyDir: {} },
            ],
          },
          { readsFound: isFound },
        ),
      },
    },
  };
}

function isReady({ status }: V1Pod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}

async function text(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(chunks)).toString('utf8');
}
