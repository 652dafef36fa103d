import type { V1Pod } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import { crashing, endedByCluster } from '../kube/pod-trouble.ts';
import { stepFailed } from './step-failed.ts';

const JOB = { name: 'library.restore', volumes: [], steps: () => [] };
const STEP = { program: 'restic', args: [] };

function failed(exitCode: number | undefined, pod: V1Pod = {}, tail = '', untrusted = false) {
  const seen = { lines: [], stdout: '', exitCode, seconds: 1, cut: undefined };
  const trouble = endedByCluster(pod);
  return stepFailed(JOB, STEP, { seen, state: undefined, trouble, events: '', tail, deadlineMs: 1_000, untrusted });
}

it('a program that ends by itself speaks of the backup', () => {
  expect(failed(1)).toMatchObject({ code: 'job-failed', blame: 'backup' });
  expect(failed(1, {}, 'ERROR:  permission denied for schema public', true)).toMatchObject({ blame: 'backup' });
  expect(failed(1, {}, 'tar: x: Cannot mknod: Operation not permitted')).toMatchObject({ blame: 'backup' });
  expect(failed(255)).toMatchObject({ code: 'job-failed', blame: 'backup' });
});

it('a program that was denied what root may do says nothing of the backup', () => {
  for (const tail of ['tar: x: Cannot mknod: Operation not permitted\nexit', 'open /volumes/x: permission denied'])
    expect(failed(2, {}, tail, true)).toMatchObject({ code: 'job-denied', blame: 'environment' });
});

it.each<[string, number | undefined, V1Pod, string]>([
  ['killed', 137, {}, 'job-killed'],
  ['crashed', 139, {}, 'job-killed'],
  ['over its time', 143, { status: { phase: 'Failed', reason: 'DeadlineExceeded' } }, 'job-deadline'],
  ['out of memory', 1, { status: { containerStatuses: [oom()] } }, 'job-ended-by-cluster'],
  [
    'evicted',
    undefined,
    { status: { phase: 'Failed', reason: 'Evicted', message: 'low on resource: memory' } },
    'job-ended-by-cluster',
  ],
  [
    'evicted for its disk',
    1,
    { status: { phase: 'Failed', reason: 'Evicted', message: 'low on ephemeral-storage' } },
    'disk-full',
  ],
  ['on a node that was shut down', 1, { status: { phase: 'Failed', reason: 'NodeShutdown' } }, 'job-ended-by-cluster'],
])('a program that was %s says nothing of the backup', (_, exitCode, pod, code) => {
  expect(failed(exitCode, pod)).toMatchObject({ code, blame: 'environment' });
});

it('a server that is killed again and again for its memory has not crashed by what it was given', () => {
  const ended = (reason: string, exitCode: number): V1Pod => ({
    status: {
      containerStatuses: [{ ...oom(), state: {}, restartCount: 3, lastState: { terminated: { exitCode, reason } } }],
    },
  });
  expect(crashing(ended('OOMKilled', 137))?.code).toBe('out-of-memory');
  expect(crashing(ended('Error', 137))?.code).toBe('out-of-memory');
  expect(crashing(ended('Error', 1))?.code).toBe('crashed');
});

function oom() {
  const state = { terminated: { exitCode: 137, reason: 'OOMKilled' } };
  return { name: 's0', image: 'x', imageID: 'x', ready: false, restartCount: 0, state };
}
