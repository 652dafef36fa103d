import type { V1Container, V1EnvVar, V1Job, V1Secret, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import type { Job, Step } from '../../../../model/job.ts';
import { reveal } from '../../../../model/secret.ts';
import { ACCOUNTS, accounts } from '../kube/accounts.ts';
import { OWN_USER } from '../kube/confined.ts';
import { AS_ROOT, type Pods } from '../kube/pods.ts';
import { NamespaceResources } from '../resources/namespace-resources.ts';
import { quoted } from '../volume/agent.ts';
import { ClaimVolume } from '../volume/claim-volume.ts';
import { literal } from './literal.ts';
import { ENV_FOLDER, environmentFile, OWN_FOLDER, stepLine, WRAPPER } from './wrapper.ts';

/** The empty folder of a job. */
export const SCRATCH = '/scratch';
const MS = 1_000;
const NAME_CHARS = 63;
/** The label of pods that may speak to servers outside of the run. */
export const REACHES_OUT = { 'restore-drill.reaches-out': 'true' };
/** The volume with the variables of the steps. */
const ENV = 'drill-env';
/** The pod ends itself when its time is up, and its log stays; the Job would delete both. */
const JOB_GRACE_SECONDS = 120;

/** A job as Kubernetes runs it. */
export interface JobManifest {
  readonly name: string;
  readonly job: V1Job;
  readonly secret: V1Secret;
  /** The container of each step, in order: several steps of one image share one. */
  readonly containers: readonly string[];
}

/** What is needed beside the job itself. */
export interface JobSetting {
  /** Unique in the namespace. */
  readonly name: string;
  readonly steps: readonly Step[];
  readonly labels: Record<string, string>;
  readonly deadlineMs: number;
  /** What pods of the run may use and do. */
  readonly pods: Pick<Pods, 'resources' | 'confined' | 'untrusted'>;
  imageOf(program: string): string;
}

/** Turns a job into a batch/v1 Job whose containers run one after the other, and a Secret with their environment. */
export function jobManifest(job: Job, setting: JobSetting): JobManifest {
  const { name, steps, deadlineMs, pods, imageOf } = setting;
  const labels = { ...setting.labels, ...(steps.some(({ reachesOut }) => reachesOut) && REACHES_OUT) };
  const readsFound = job.volumes.some(({ volume }) => isFound(volume));
  const around = pods.untrusted ? surroundings(job, readsFound) : [];
  const groups = groupByImage(steps, imageOf);
  const containers = groups.map(({ image, from, some }): V1Container => {
    const lines = some.map((step, i) => stepLine(from + i, { cwd: SCRATCH, ...step }));
    return {
      name: nameOf(from, some),
      image,
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', '-c', literal([...around, WRAPPER, ...lines].join('\n'))],
      env: STANDARD,
      resources: pods.resources('job'),
      volumeMounts: [...mounts(job), ...(pods.untrusted ? [ACCOUNTS_MOUNT] : [])],
    };
  });
  const seconds = Math.max(1, Math.ceil(deadlineMs / MS));
  const last = containers.at(-1);
  return {
    name,
    containers: groups.flatMap(({ from, some }) => some.map(() => nameOf(from, some))),
    secret: { metadata: { name, labels }, stringData: { ...environments(steps), [ACCOUNTS]: accounts() } },
    job: {
      metadata: { name, labels },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: seconds + JOB_GRACE_SECONDS,
        template: {
          metadata: { labels },
          spec: pods.confined(
            {
              ...AS_ROOT,
              ...accountOf(job),
              activeDeadlineSeconds: seconds,
              initContainers: containers.slice(0, -1),
              containers: last ? [last] : [],
              volumes: volumes(job, name),
            },
            { readsFound },
          ),
        },
      },
    },
  };
}

/** What comes before the steps where the run is not root: the folders that are its volumes, which are its own in the end. */
function surroundings({ volumes }: Job, readsFound: boolean): string[] {
  const written = volumes.filter(({ volume, readOnly }) => !readOnly && !isFound(volume));
  if (written.length === 0) return [];
  const paths = written.map(({ volume }) => quoted(volume.path)).join(' ');
  // Whoever looks at it next is not root. Links are not followed, and nothing else of the job can be reached by one.
  const handOver = `chown -hR ${OWN_USER}:${OWN_USER} ${paths}`;
  return [`mkdir -p ${paths} || exit $?`, ...(readsFound ? [`trap ${quoted(handOver)} EXIT`] : [])];
}

function isFound(volume: Job['volumes'][number]['volume']): boolean {
  return volume instanceof ClaimVolume && volume.isFound;
}

interface Group {
  readonly image: string;
  /** The number of its first step. */
  readonly from: number;
  readonly some: Step[];
}

/** Steps that follow each other and come from one image share a container: starting one takes longer than most steps. */
function groupByImage(steps: readonly Step[], imageOf: (program: string) => string): Group[] {
  const groups: Group[] = [];
  for (const [i, step] of steps.entries()) {
    const image = imageOf(step.program);
    const last = groups.at(-1);
    if (last?.image === image) last.some.push(step);
    else groups.push({ image, from: i, some: [step] });
  }
  return groups;
}

function nameOf(from: number, [first]: readonly Step[]): string {
  return `s${from}-${(first?.program ?? '').replaceAll(/[^a-z0-9-]/g, '-')}`.slice(0, NAME_CHARS).replace(/-+$/, '');
}

function environments(steps: readonly Step[]): Record<string, string> {
  const files = steps.map(({ env = {} }, i) => {
    return [`${i}.env`, environmentFile(reveal(env))];
  });
  return Object.fromEntries(files);
}

const ACCOUNTS_MOUNT: V1VolumeMount = { name: ENV, mountPath: '/etc/passwd', subPath: ACCOUNTS, readOnly: true };

const HOME = `${OWN_FOLDER}/h`;
const STANDARD: V1EnvVar[] = Object.entries({
  HOME,
  TMPDIR: HOME,
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
}).map(([name, value]) => ({ name, value }));

function mounts(job: Job): V1VolumeMount[] {
  const own = [SCRATCH, OWN_FOLDER].map((mountPath) => ({ name: mountPath.slice(1), mountPath }));
  const given = job.volumes.map(({ volume, readOnly = false }) => ({
    name: claimOf(volume),
    mountPath: volume instanceof ClaimVolume ? volume.mountPath : volume.path,
    readOnly: readOnly || isFound(volume),
  }));
  return [...own, { name: ENV, mountPath: ENV_FOLDER, readOnly: true }, ...given];
}

/** A token only for the namespace whose resources the job is about; other jobs have none. */
function accountOf({ resources }: Job): { serviceAccountName?: string; automountServiceAccountToken?: boolean } {
  if (!resources) return {};
  if (!(resources instanceof NamespaceResources))
    throw new Error(`a job of a cluster cannot use ${resources.identity}`);
  return { serviceAccountName: resources.account, automountServiceAccountToken: true };
}

function volumes(job: Job, secretName: string): V1Volume[] {
  const empty = [SCRATCH, OWN_FOLDER].map((path) => ({ name: path.slice(1), emptyDir: {} }));
  const own = [...empty, { name: ENV, secret: { secretName, defaultMode: 0o400 } }];
  const claims = new Map(job.volumes.map(({ volume }) => [claimOf(volume), isFound(volume)]));
  // What is mounted to be read alone gets no other group.
  const given = [...claims].map(([claimName, readOnly]) => ({
    name: claimName,
    persistentVolumeClaim: { claimName, readOnly },
  }));
  return [...own, ...given];
}

/** The claim behind a volume of a cluster. */
export function claimOf(volume: Job['volumes'][number]['volume']): string {
  if (volume instanceof ClaimVolume) return volume.claim;
  throw new Error(`a job of a cluster cannot mount ${volume.identity}`);
}
