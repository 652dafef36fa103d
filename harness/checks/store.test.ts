import { describe, expect, it } from 'vitest';
import type { Receipt } from '../model/path.ts';
import { store } from './store.ts';
import { healthyEvidence } from './testing/healthy-evidence.ts';
import { judged } from './testing/verdict-of.ts';

function receipt(details: Receipt['details']): Receipt {
  const at = '2026-11-22T03:00:00.000Z';
  return {
    path: 'restic',
    component: 'library',
    id: '1a',
    startedAt: at,
    endedAt: at,
    tools: [],
    objects: [],
    details,
  };
}

async function told(...all: Receipt['details'][]) {
  return await judged(store(), healthyEvidence(), { receipts: all.map(receipt) });
}

describe('store', () => {
  it('passes a sound repository, and says how far it was looked at', async () => {
    const sound = { repository: 'sound', repositorySaid: 'no errors were found', repositoryRead: '5%' };
    expect(await told(sound, {})).toMatchObject({ verdict: 'pass', actual: '1 repository looked at (5%)' });
  });

  it('catches one that is damaged, whatever was restored from it', async () => {
    const damaged = { repository: 'damaged', repositorySaid: 'pack 3250: does not exist', otherSnapshots: 13 };
    expect(await told(damaged)).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          subject: 'the repository of library',
          actual:
            'this snapshot restores, but the repository is damaged: 13 other snapshots are at risk (pack 3250: does not exist)',
        },
      ],
    });
  });

  it('is unknown where it could not be looked at, or nobody did', async () => {
    const not = { repository: 'not checked', repositorySaid: 'restic could not reach the server' };
    expect(await told(not)).toMatchObject({ verdict: 'unknown', actual: expect.stringContaining('could not reach') });
    expect((await told({})).verdict).toBe('unknown');
  });
});
