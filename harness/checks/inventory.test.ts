import { describe, expect, it } from 'vitest';
import { inventory } from './inventory.ts';
import type { EvidenceBuilder } from './testing/evidence-builder.ts';
import { healthyEvidence } from './testing/healthy-evidence.ts';
import { judged, subjects } from './testing/verdict-of.ts';

const check = inventory('database');

function counts(albums: number, photos: number): EvidenceBuilder {
  const lines = [
    { label: 'albums', count: albums },
    { label: 'photos', count: photos },
  ];
  return healthyEvidence().list('after', 'database', 'inventory', lines);
}

describe('inventory', () => {
  it('passes the healthy twin, whose photos grew with the ledger', async () => {
    expect((await judged(check, healthyEvidence())).verdict).toBe('pass');
  });

  it('catches fewer than before, a missing label, and more than writes explain', async () => {
    expect(subjects(await judged(check, counts(1, 4)))).toEqual(['albums']);
    expect(subjects(await judged(check, counts(2, 2)))).toEqual(['photos']);
    expect(subjects(await judged(check, counts(2, 8)))).toEqual(['photos']);
    const forgotten = healthyEvidence().list('after', 'database', 'inventory', []);
    expect(subjects(await judged(check, forgotten))).toEqual(['albums', 'photos']);
  });

  it('allows no growth where nothing was written since', async () => {
    const ledger = healthyEvidence().build().ledger.slice(0, 1);
    expect(subjects(await judged(check, healthyEvidence(), { ledger }))).toEqual(['photos']);
    expect((await judged(check, counts(2, 3), { ledger })).verdict).toBe('pass');
  });

  it('is unknown when a list was not completely observed, or nothing was counted', async () => {
    expect((await judged(check, healthyEvidence().forget('before', 'database', 'inventory'))).verdict).toBe('unknown');
    expect((await judged(check, healthyEvidence().forget('after', 'database', 'inventory'))).verdict).toBe('unknown');
    const nothing = healthyEvidence().both('database', 'inventory', [{ label: 'photos', count: 0 }]);
    expect((await judged(check, nothing)).verdict).toBe('unknown');
  });
});
