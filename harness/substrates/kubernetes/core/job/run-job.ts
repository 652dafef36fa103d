import type { V1Pod } from '@kubernetes/client-node';
import { COMMAND, commandOf } from '../../../../model/command.ts';
import { DrillError } from '../../../../model/error.ts';
import type { Job, JobReport, Step, StepReport } from '../../../../model/job.ts';
import { codeOf, type Kube } from '../kube/kube.ts';
import { labelsOf } from '../kube/labels.ts';
import { endedByCluster, eventLines, eventsAbout, hopeless, statuses, whyNotStarted } from '../kube/pod-trouble.ts';
import { hasEnded, type Pods, podTrouble } from '../kube/pods.ts';
import { waitUntil } from '../kube/wait-until.ts';
import { ClaimVolume } from '../volume/claim-volume.ts';
import { JobLog } from './job-log.ts';
import { type JobManifest, jobManifest, SCRATCH } from './job-manifest.ts';
import { parseStepLog, type StepLog } from './parse-log.ts';
import { stepFailed } from './step-failed.ts';

const DEADLINE_MS = 6 * 3_600_000;
/** After its own deadline the pod is given this long to be seen ended. */
const END_GRACE_MS = 60_000;
/** More than all steps of a container can say: what each says is bounded where it is said. */
const LOG_BYTES = 16 * 1024 ** 2;
const BAD_REQUEST = 400;
const NOT_FOUND = 404;

/** What running a job in a cluster needs from the substrate. */
export interface JobHost {
  readonly runId: string;
  readonly logsFolder: string;
  readonly kube: Kube;
  readonly pods: Pods;
  mask(text: string): string;
  /** A name for the Job that no other has. */
  nameFor(job: Job): string;
  imageOf(program: string): string;
  versionsOf(programs: readonly string[]): Promise<string[]>;
  note(event: string, facts: Readonly<Record<string, unknown>>): void;
}

/** Runs a job as a batch/v1 Job; the first step that fails ends it with an error that says what Kubernetes knows of it. */
export async function runJob(job: Job, host: JobHost): Promise<JobReport> {
  const { kube } = host;
  const { namespace } = kube;
  const startedMs = performance.now();
  const steps = job.steps(SCRATCH);
  await makeClaims(job);
  const versions = await host.versionsOf(steps.map(({ program }) => program));
  const made = jobManifest(job, {
    name: host.nameFor(job),
    steps,
    labels: labelsOf(host.runId, 'job'),
    deadlineMs: job.deadlineMs ?? DEADLINE_MS,
    pods: host.pods,
    imageOf: host.imageOf,
  });
  const log = await JobLog.open(host.logsFolder, job.name, host.mask);
  try {
    await kube.make(() => kube.core.createNamespacedSecret({ namespace, body: made.secret }));
    await kube.make(() => kube.batch.createNamespacedJob({ namespace, body: made.job }));
    const pod = await untilEnded(job, made, host);
    const reports = await collect(job, steps, versions, pod, made, log, host);
    return { name: job.name, seconds: (performance.now() - startedMs) / 1000, steps: reports, log: log.path };
  } finally {
    await log.close();
    await removeJob(made, host);
  }
}

/** What a restore fills is made only now; the harness will want to look at it afterwards. */
async function makeClaims(job: Job): Promise<void> {
  for (const { volume } of job.volumes) if (volume instanceof ClaimVolume) await volume.make();
}

async function untilEnded(job: Job, made: JobManifest, { kube, pods }: JobHost): Promise<V1Pod> {
  const where = `job/${job.name}`;
  const startBy = Date.now() + pods.startBudgetMs;
  return await waitUntil(
    async () => {
      const pod = await podOf(made, kube);
      if (pod && hasEnded(pod)) return pod;
      const trouble = pod && hopeless(pod);
      if (pod && trouble) throw podTrouble(where, trouble, await eventLines(kube, pod));
      if (Date.now() > startBy && pod && !hasStarted(pod))
        throw podTrouble(where, await whyNotStarted(kube, pod), await eventLines(kube, pod));
      if (Date.now() > startBy && !pod) throw await noPod(where, made, kube);
      return undefined;
    },
    {
      budgetMs: (job.deadlineMs ?? DEADLINE_MS) + pods.startBudgetMs + END_GRACE_MS,
      signal: kube.address.signal,
      late: () => noPod(where, made, kube),
    },
  );
}

async function podOf({ name }: JobManifest, kube: Kube): Promise<V1Pod | undefined> {
  const { namespace } = kube;
  const { items } = await kube.ask(() =>
    kube.core.listNamespacedPod({ namespace, labelSelector: `batch.kubernetes.io/job-name=${name}` }),
  );
  return items[0];
}

function hasStarted(pod: V1Pod): boolean {
  return statuses(pod).some(({ state }) => state?.running || state?.terminated);
}

/** Reads the log of every step into the run's folder, and reports them; the first that did not end well is thrown. */
async function collect(
  job: Job,
  steps: readonly Step[],
  versions: readonly string[],
  pod: V1Pod,
  made: JobManifest,
  log: JobLog,
  host: JobHost,
): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  const logs = new Map<string, string>();
  for (const [i, step] of steps.entries()) {
    const container = made.containers[i] ?? '';
    const state = statuses(pod).find(({ name }) => name === container)?.state;
    const started = state?.terminated !== undefined && state.terminated.startedAt !== undefined;
    const text = logs.get(container) ?? (started ? await readLog(pod, container, host.kube) : '');
    logs.set(container, text);
    const seen = parseStepLog(text, i);
    if (started) await log.step(step, seen);
    const worked = (step.okExitCodes ?? [0]).includes(seen.exitCode ?? -1) && seen.cut !== OUTPUT_CHANGED;
    const trouble = endedByCluster(pod);
    const seconds = seen.seconds ?? 0;
    const version = versions[i] ?? 'unknown';
    const ran = { version, scratch: SCRATCH, seconds, exitCode: seen.exitCode ?? null, ok: worked };
    if (started) host.note(COMMAND, { command: commandOf(job, step, ran) });
    if (!worked) {
      const events = host.mask(await eventLines(host.kube, pod));
      throw stepFailed(job, step, {
        seen,
        state,
        trouble,
        events,
        tail: log.tail(),
        deadlineMs: job.deadlineMs,
        untrusted: host.pods.untrusted,
      });
    }
    reports.push({
      ...{ program: step.program, version, seconds, stdout: seen.stdout },
      ...(step.phase && { phase: step.phase }),
    });
  }
  return reports;
}

const OUTPUT_CHANGED: StepLog['cut'] = 'the standard output is not what the program wrote';

async function readLog(pod: V1Pod, container: string, kube: Kube): Promise<string> {
  const { namespace } = kube;
  const name = pod.metadata?.name ?? '';
  try {
    return await kube.ask(() => kube.core.readNamespacedPodLog({ namespace, name, container, limitBytes: LOG_BYTES }));
  } catch (error) {
    // Of a container that never ran there is none.
    if (codeOf(error) === BAD_REQUEST || codeOf(error) === NOT_FOUND) return '';
    throw error;
  }
}

/** The Secret goes with the Job. After an interruption the cluster itself goes. */
async function removeJob({ name }: JobManifest, { kube }: JobHost): Promise<void> {
  if (kube.address.signal.aborted) return;
  const { namespace } = kube;
  await kube.remove(() =>
    kube.batch.deleteNamespacedJob({ namespace, name, propagationPolicy: 'Background', gracePeriodSeconds: 0 }),
  );
  await kube.remove(() => kube.core.deleteNamespacedSecret({ namespace, name }));
}

async function noPod(where: string, { name }: JobManifest, kube: Kube): Promise<DrillError> {
  return new DrillError({
    code: 'pod-lost',
    where,
    what: `The Job ${name} has no pod that ended.`,
    next: 'see in the events of the namespace what happened to it; a node that died takes its pods along.',
    blame: 'environment',
    tail: await eventsAbout(kube, [name]),
  });
}
