import { expect, it } from 'vitest';
import { casualty } from './crashed-services.ts';

const base = { name: 'server', image: 'i', imageID: 'i', ready: true };

it('notes what exited unexpectedly, and nothing of a pod that is well', () => {
  const status = { ...base, restartCount: 0, state: { running: {} } };
  expect(casualty({ status: { phase: 'Running', containerStatuses: [status] } })).toBeUndefined();
  expect(casualty({ status: { phase: 'Pending' } })).toBeUndefined();
  const again = {
    ...base,
    restartCount: 1,
    state: { running: {} },
    lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
  };
  expect(casualty({ status: { phase: 'Running', containerStatuses: [again] } })).toBe(
    'ended with exit code 137 (OOMKilled), 1 restarts',
  );
  expect(casualty({ status: { phase: 'Failed', reason: 'Evicted', message: 'no disk' } })).toBe(
    'failed: Evicted no disk',
  );
});
