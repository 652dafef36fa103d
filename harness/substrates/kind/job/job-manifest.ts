import type { V1Container, V1EnvVar, V1Job, V1Secret, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import type { Job, Step } from '../../../model/job.ts';
import { Secret } from '../../../model/secret.ts';
import { AS_ROOT } from '../kube/pods.ts';
import { KindVolume } from '../volume/kind-volume.ts';
import { OWN_FOLDER, WRAPPER } from './wrapper.ts';

/** The empty folder of a job. */
export const SCRATCH = '/scratch';
const MS = 1_000;
/** The pod ends itself when its time is up, and its log stays; the Job would delete both. */
const JOB_GRACE_SECONDS = 120;

/** A job as Kubernetes runs it. */
export interface JobManifest {
  readonly name: string;
  readonly job: V1Job;
  readonly secret: V1Secret;
  /** The containers, one for each step, in order. */
  readonly containers: readonly string[];
}

/** What is needed beside the job itself. */
export interface JobSetting {
  /** Unique in the namespace. */
  readonly name: string;
  readonly steps: readonly Step[];
  readonly labels: Record<string, string>;
  readonly deadlineMs: number;
  imageOf(program: string): string;
}

/** Turns a job into a batch/v1 Job whose containers run one after the other, and a Secret with their environment. */
export function jobManifest(job: Job, { name, steps, labels, deadlineMs, imageOf }: JobSetting): JobManifest {
  const environment: Record<string, string> = {};
  const containers = steps.map((step, i): V1Container => {
    const env = Object.entries(step.env ?? {}).map(([variable, value]): V1EnvVar => {
      const key = `${i}.${variable}`;
      environment[key] = value instanceof Secret ? value.reveal() : value;
      return { name: variable, valueFrom: { secretKeyRef: { name, key } } };
    });
    const { program, args, stdout = '', stdin = '', cwd = SCRATCH, okExitCodes = [0] } = step;
    const words = [WRAPPER, 'step', stdout, stdin, cwd, okExitCodes.join(' '), program, ...args];
    return {
      name: `s${i}-${program.replaceAll(/[^a-z0-9-]/g, '-')}`.slice(0, 63).replace(/-+$/, ''),
      image: imageOf(program),
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', '-c', ...words.map(literal)],
      env: [...STANDARD, ...env],
      volumeMounts: mounts(job),
      terminationMessagePolicy: 'File',
    };
  });
  const seconds = Math.max(1, Math.ceil(deadlineMs / MS));
  const last = containers.at(-1);
  return {
    name,
    containers: containers.map((container) => container.name),
    secret: { metadata: { name, labels }, stringData: environment },
    job: {
      metadata: { name, labels },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: seconds + JOB_GRACE_SECONDS,
        template: {
          metadata: { labels },
          spec: {
            ...AS_ROOT,
            activeDeadlineSeconds: seconds,
            initContainers: containers.slice(0, -1),
            containers: last ? [last] : [],
            volumes: volumes(job),
          },
        },
      },
    },
  };
}

const HOME = `${OWN_FOLDER}/h`;
const STANDARD: V1EnvVar[] = Object.entries({
  HOME,
  TMPDIR: HOME,
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
}).map(([name, value]) => ({ name, value }));

/** Kubernetes replaces `$(NAME)` in commands; two dollars stand for one. */
function literal(word: string): string {
  return word.replaceAll('$', '$$$$');
}

function mounts(job: Job): V1VolumeMount[] {
  const own = [SCRATCH, OWN_FOLDER].map((mountPath) => ({ name: mountPath.slice(1), mountPath }));
  const given = job.volumes.map(({ volume, readOnly = false }) => ({
    name: claimOf(volume),
    mountPath: volume.path,
    readOnly,
  }));
  return [...own, ...given];
}

function volumes(job: Job): V1Volume[] {
  const own = [SCRATCH, OWN_FOLDER].map((path) => ({ name: path.slice(1), emptyDir: {} }));
  const claims = new Set(job.volumes.map(({ volume }) => claimOf(volume)));
  return [...own, ...[...claims].map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } }))];
}

function claimOf(volume: Job['volumes'][number]['volume']): string {
  if (volume instanceof KindVolume) return volume.claim;
  throw new Error(`a job of a cluster cannot mount ${volume.identity}`);
}
