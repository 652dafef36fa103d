import type { V1ContainerState } from '@kubernetes/client-node';
import { classifySourceError, isOverNetwork } from '../../../../model/classify-source-error.ts';
import { DrillError } from '../../../../model/error.ts';
import type { Job, Step } from '../../../../model/job.ts';
import { reveal } from '../../../../model/secret.ts';
import type { PodTrouble } from '../kube/pod-trouble.ts';
import type { StepLog } from './parse-log.ts';

/** As the system says it; a database says what is denied, and to whom. */
const DENIED = /(permission denied|operation not permitted)\s*$/im;
const NOT_FOUND = 127;
const NOT_RUN = 126;
const NO_FOLDER = 125;
/** A shell adds to this the number of the signal that has ended a program. */
const SIGNALLED = 128;
const LAST_SIGNAL = 31;
/** What a node that runs out of disk says when it evicts. */
const NODE_DISK = /storage|disk|inode/i;

/** What is known of a step that did not end well. */
export interface StepEnd {
  readonly seen: StepLog;
  readonly state: V1ContainerState | undefined;
  readonly trouble: PodTrouble | undefined;
  readonly events: string;
  readonly tail: string;
  readonly deadlineMs: number | undefined;
  /** It ran as nobody in particular, who may not do all that a restore as root may. */
  readonly untrusted: boolean;
}

/** The error for a step that failed: its exit code, its last lines, and what Kubernetes says of its pod. */
export function stepFailed(job: Job, step: Step, end: StepEnd): DrillError {
  const { program } = step;
  const about = { where: `job/${job.name}`, tail: [end.tail, end.events].filter(Boolean).join('\n') };
  const read = `read its output with \`drill show <run> --log ${job.name}\`.`;
  const { seen, state, trouble } = end;
  const inTheWay = classifySourceError(end.tail, isOverNetwork(step.args, reveal(step.env ?? {})));
  if (inTheWay?.code === 'disk-full' || (trouble?.code === 'evicted' && NODE_DISK.test(trouble.why)))
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
      next:
        trouble.code === 'out-of-memory'
          ? 'give the job more memory (--job-memory), or drill a smaller workload.'
          : 'see what happened to the node, then run the drill again.',
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
  if (code !== undefined && code > SIGNALLED && code <= SIGNALLED + LAST_SIGNAL)
    return new DrillError({
      ...about,
      code: 'job-killed',
      what: `${program} was ended by the signal ${code - SIGNALLED}, which says nothing of what it worked on.`,
      next: `see whether the node is short of memory (--job-memory), or ${read}`,
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
  if (end.untrusted && DENIED.test(end.tail))
    return new DrillError({
      ...about,
      code: 'job-denied',
      what: `${program} was denied something that a restore as root may do, and the pods of this drill may not.`,
      next: `see what in the backup asks for it (a device, a folder that its owner may not write to), or ${read}`,
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
