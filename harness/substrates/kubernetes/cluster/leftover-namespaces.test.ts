import { describe, expect, it } from 'vitest';
import { processStart } from '../../../machine/processes/process-table.ts';
import { habitat } from '../../../machine/work-folders/owner.ts';
import { stateOfNamespace } from './leftover-namespaces.ts';
import type { NamespaceOwner } from './sandbox-namespace.ts';

const HOUR_MS = 3_600_000;
const ALIVE: NamespaceOwner = {
  ...{ runId: 'run', pid: process.pid, startedAt: processStart(process.pid) ?? '' },
  ...habitat(),
};

/** A namespace that expires so many hours from now. */
const expiringIn = (hours: number) => ({
  metadata: { annotations: { 'restore-drill.expires': new Date(Date.now() + hours * HOUR_MS).toISOString() } },
});

describe('the namespace of a run', () => {
  it.each([
    ['lives after thirty hours, though it could not renew its time', -6, ALIVE, 'running'],
    ['was killed here', 20, { ...ALIVE, startedAt: 'another time' }, 'killed'],
    ['was killed here long ago', -1, { ...ALIVE, startedAt: 'another time' }, 'expired'],
    ['ran here before the machine was started again', 20, { ...ALIVE, bootId: 'before' }, 'killed'],
    ['is one of another machine, in its time', 20, { ...ALIVE, host: 'elsewhere' }, 'running'],
    ['is one of another machine that renews it no more', -1, { ...ALIVE, host: 'elsewhere' }, 'expired'],
    [
      'is one of another PID namespace, where our process ids mean nothing',
      20,
      { ...ALIVE, pidNamespace: 'pid:[1]' },
      'running',
    ],
  ] as const)('that %s', (_, hours, owner, state) => {
    expect(stateOfNamespace(expiringIn(hours), owner, [])).toBe(state);
  });

  it('that was kept is kept until its time is over, and one whose work folder is in use is in use', () => {
    const dead = { ...ALIVE, startedAt: 'another time' };
    expect(stateOfNamespace(expiringIn(20), dead, [{ runId: 'run', state: 'kept' }])).toBe('kept');
    expect(stateOfNamespace(expiringIn(-1), dead, [{ runId: 'run', state: 'kept' }])).toBe('expired');
    expect(stateOfNamespace(expiringIn(-1), dead, [{ runId: 'run', state: 'running' }])).toBe('running');
  });
});
