import type { V1PodSpec } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import { confined, OWN_USER, standardOf } from './confined.ts';
import { AS_ROOT } from './pods.ts';

const CONTAINER = { name: 'main', image: 'x', securityContext: { runAsUser: 0, privileged: true } };
const SPEC: V1PodSpec = { ...AS_ROOT, initContainers: [{ ...CONTAINER, name: 'first' }], containers: [CONTAINER] };

it('a pod of somebody else’s data meets the restricted standard, whatever it asked for, and can change only its volumes', () => {
  const { securityContext, containers, initContainers = [], automountServiceAccountToken } = confined(SPEC, true);
  expect(automountServiceAccountToken).toBe(false);
  expect(securityContext).toMatchObject({
    ...{ runAsNonRoot: true, runAsUser: OWN_USER, runAsGroup: OWN_USER, fsGroup: OWN_USER },
    seccompProfile: { type: 'RuntimeDefault' },
  });
  for (const one of [...containers, ...initContainers])
    expect(one.securityContext).toEqual({
      ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
      capabilities: { drop: ['ALL'] },
    });
});

it('a job that reads a folder of this machine is root with what reading takes, and nothing else', () => {
  const { securityContext, containers } = confined(SPEC, true, { readsFound: true });
  expect(securityContext).toMatchObject({ runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } });
  expect(containers[0]?.securityContext).toEqual({
    ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
    capabilities: { drop: ['ALL'], add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'] },
  });
});

it('a pod of a drill with data of its own can set owners, and gains nothing', () => {
  const { securityContext, containers } = confined(SPEC, false);
  expect(securityContext).toMatchObject({ runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } });
  expect(containers[0]?.securityContext).toMatchObject({
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
  });
});

it('a namespace is held to the stricter standard when nothing of this machine is read', () => {
  expect(standardOf({ untrusted: true })).toBe('restricted');
  expect(standardOf({ untrusted: true, reads: ['/srv'] })).toBe('baseline');
  expect(standardOf({})).toBe('baseline');
});
