import type { V1ContainerState } from '@kubernetes/client-node';
import { classifySourceError, isOverNetwork } from '../../../model/classify-source-error.ts';
import { DrillError } from '../../../model/error.ts';
import type { Job, Step } from '../../../model/job.ts';
import { reveal } from '../../../model/secret.ts';
import type { PodTrouble } from '../kube/pod-trouble.ts';
import type { StepLog } from './parse-log.ts';

const NOT_FOUND = 127;
const NOT_RUN = 126;
const NO_FOLDER = 125;
/** What a shell gives for ILL, ABRT, BUS, FPE, KILL, SEGV and TERM. */
const KILLED: ReadonlySet<number> = new Set([132, 134, 135, 136, 137, 139, 143]);

/** What is known of a step that did not end well. */
export interface StepEnd {
  readonly seen: StepLog;
  readonly state: V1ContainerState | undefined;
  readonly trouble: PodTrouble | undefined;
  readonly events: string;
  readonly tail: string;
  readonly deadlineMs: number | undefined;
}

/** The error for a step that failed: its exit code, its last lines, and what Kubernetes says of its pod. */
export function stepFailed(job: Job, step: Step, end: StepEnd): DrillError {
  const { program } = step;
  const about = { where: `job/${job.name}`, tail: [end.tail, end.events].filter(Boolean).join('\n') };
  const read = `read its output with \`drill show <run> --log ${job.name}\`.`;
  const { seen, state, trouble } = end;
  const inTheWay = classifySourceError(end.tail, isOverNetwork(step.args, reveal(step.env ?? {})));
  if (inTheWay?.code === 'disk-full' || trouble?.code === 'evicted')
    return new DrillError({
      ...about,
      code: 'disk-full',
      what: `${program} found no space left on the disk${trouble ? ` (${trouble.why})` : ''}.`,
      next: 'free space on the node, or give the volumes more; `drill plan` says how much is needed.',
      blame: 'environment',
    });
  if (trouble?.code === 'deadline')
    return new DrillError({
      ...about,
      code: 'job-deadline',
      what: `${program} did not end within ${(end.deadlineMs ?? 0) / 1000} s: ${trouble.why}.`,
      next: read,
      blame: 'environment',
    });
  if (trouble)
    return new DrillError({
      ...about,
      code: 'job-ended-by-cluster',
      what: `${program} was ended by the cluster: ${trouble.why}.`,
      next: 'give the job more memory (--job-memory), or drill fewer assets (--assets).',
      blame: 'environment',
    });
  const code = seen.exitCode ?? state?.terminated?.exitCode;
  if (code === NOT_FOUND || code === NOT_RUN || seen.exitCode === undefined)
    return new DrillError({
      ...about,
      code: 'job-not-run',
      what: `${program} was not run to its end in its image: ${why(code, state)}.`,
      next: `name an image that has ${program} in a file for --images, or ${read}`,
      blame: 'environment',
    });
  if (seen.cut !== undefined && code === 0)
    return new DrillError({
      ...about,
      code: 'job-log-cut',
      what: `${program} ended with exit code 0, but of its log ${seen.cut}.`,
      next: 'run the drill again; when it happens again, see whether the node is short of disk.',
      blame: 'environment',
    });
  if (inTheWay)
    return new DrillError({
      ...about,
      code: inTheWay.code,
      what: `${program} ${inTheWay.what}.`,
      next: inTheWay.next,
      blame: 'environment',
    });
  if (code !== undefined && KILLED.has(code))
    return new DrillError({
      ...about,
      code: 'tool-killed',
      what: `${program} was ended by a signal (exit code ${code}).`,
      next: `give the job more memory (--job-memory), or ${read}`,
      blame: 'environment',
    });
  return new DrillError({
    ...about,
    code: 'job-failed',
    what: `${program} ended with exit code ${code}.`,
    next: read,
    blame: 'backup',
  });
}

function why(code: number | undefined, state: V1ContainerState | undefined): string {
  if (code === NOT_FOUND) return 'it is not there';
  if (code === NO_FOLDER) return 'the folder to run it in is not there';
  const { reason, message } = state?.terminated ?? state?.waiting ?? {};
  return [reason ?? 'its container never started', message, code === undefined ? '' : `exit code ${code}`]
    .filter(Boolean)
    .join(', ');
}
