import type { V1Capabilities, V1Container, V1PodSpec, V1SecurityContext } from '@kubernetes/client-node';
import type { SubstrateContext } from '../../../../model/substrate.ts';

/** The account of pods that handle what somebody else has made. No range of accounts that systems give away holds it. */
export const OWN_USER = 60_911;

/** The standard of Kubernetes that the API server holds the pods of a namespace to. */
export type PodStandard = 'baseline' | 'restricted';

/** The label of a namespace that says so. */
export const STANDARD_LABEL = 'pod-security.kubernetes.io/enforce';

/** Where everybody may write, and what is left there goes with the pod. */
const TEMPORARY = '/tmp';
const SECCOMP = { seccompProfile: { type: 'RuntimeDefault' } };

/** What root needs to restore owners and modes, and to become the account of a server: all within `baseline`. */
const TO_RESTORE = ['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID'];
/** What root needs to read files of any owner, and to hand copies of them over. */
const TO_READ = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'];

/** What one pod needs beyond what every pod may do. */
export interface Needs {
  /** Reads what was there before the run, whose files have owners of their own. */
  readonly readsFound?: boolean;
  /** Runs a server's own image, which keeps files of its own beside its data. */
  readonly ownImage?: boolean;
}

/**
 * `restricted` where what is restored was made by somebody else. A folder of this machine belongs to whoever backs up,
 * often to root alone, and so do the files of a snapshot: a run that reads one has jobs that are root, with three
 * capabilities, and is held to `baseline`.
 */
export function standardOf({
  untrusted = false,
  reads = [],
  readsSnapshots = false,
}: Pick<SubstrateContext, 'untrusted' | 'reads' | 'readsSnapshots'>): PodStandard {
  return untrusted && reads.length === 0 && !readsSnapshots ? 'restricted' : 'baseline';
}

/** A pod that may do no more than it needs: never more than it was started with, and of system calls only the usual ones. */
export function confined(spec: V1PodSpec, untrusted: boolean, needs: Needs = {}): V1PodSpec {
  if (untrusted) return asGuest(spec, needs);
  const capabilities: V1Capabilities | undefined = needs.ownImage ? undefined : { drop: ['ALL'], add: TO_RESTORE };
  return each(
    { ...spec, securityContext: { ...SECCOMP, ...spec.securityContext } },
    { allowPrivilegeEscalation: false, ...(capabilities && { capabilities }) },
  );
}

/** As `restricted` wants it, with nothing that it could change but its volumes. */
function asGuest(spec: V1PodSpec, { readsFound = false, ownImage = false }: Needs): V1PodSpec {
  const user = readsFound
    ? { runAsUser: 0, runAsGroup: 0 }
    : { runAsUser: OWN_USER, runAsGroup: OWN_USER, runAsNonRoot: true };
  const securityContext = { ...SECCOMP, ...user, fsGroup: OWN_USER, fsGroupChangePolicy: 'OnRootMismatch' };
  const may: V1SecurityContext = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'], ...(readsFound && { add: TO_READ }) },
    readOnlyRootFilesystem: !ownImage,
  };
  const temporary = { name: 'temporary', mountPath: TEMPORARY };
  const withRoom = (one: V1Container): V1Container => ({
    ...one,
    securityContext: {},
    volumeMounts: [...(one.volumeMounts ?? []), temporary],
  });
  return each(
    {
      ...spec,
      securityContext,
      volumes: [...(spec.volumes ?? []), { name: temporary.name, emptyDir: {} }],
      containers: spec.containers.map(withRoom),
      ...(spec.initContainers && { initContainers: spec.initContainers.map(withRoom) }),
    },
    may,
  );
}

function each(spec: V1PodSpec, may: V1SecurityContext): V1PodSpec {
  const held = (one: V1Container): V1Container => ({ ...one, securityContext: { ...one.securityContext, ...may } });
  return {
    ...spec,
    containers: spec.containers.map(held),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(held) }),
  };
}
