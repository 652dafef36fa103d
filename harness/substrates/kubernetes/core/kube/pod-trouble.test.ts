import type { V1Pod } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import { hopeless } from './pod-trouble.ts';

function waiting(reason: string, message: string): V1Pod {
  const status = { ...{ name: 'tool', image: 'tools:1', imageID: '', ready: false, restartCount: 0 } };
  return { status: { containerStatuses: [{ ...status, state: { waiting: { reason, message } } }] } };
}

it.each([
  ['CreateContainerError', 'context deadline exceeded'],
  ['CreateContainerError', 'failed to reserve container name: name "tool_0" is reserved for "4f1e"'],
  ['ErrImagePull', 'not found'],
  ['ContainerCreating', ''],
])('there is hope for %s (%s)', (reason, message) => {
  expect(hopeless(waiting(reason, message))).toBeUndefined();
});

it.each([
  ['CreateContainerError', 'no command specified', 'pod-not-started'],
  ['CreateContainerConfigError', 'secret "x" not found', 'pod-not-started'],
  ['ImagePullBackOff', 'Back-off pulling image', 'image-missing'],
  ['ErrImageNeverPull', '', 'image-missing'],
])('no waiting mends %s (%s)', (reason, message, code) => {
  expect(hopeless(waiting(reason, message))).toEqual({ code, why: expect.stringContaining(`tools:1: ${reason}`) });
});
