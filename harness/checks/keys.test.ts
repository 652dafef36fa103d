import { describe, expect, it } from 'vitest';
import type { CacheKey } from '../model/manifest.ts';
import { keys } from './keys.ts';
import { cacheKey } from './testing/entries.ts';
import type { EvidenceBuilder } from './testing/evidence-builder.ts';
import { at, healthyEvidence } from './testing/healthy-evidence.ts';
import { judged, subjects } from './testing/verdict-of.ts';

const check = keys('redis');
const EXPIRES_MS = Date.parse(at('20:00:00'));

function queue(before: Partial<CacheKey>, after: Partial<CacheKey> | undefined): EvidenceBuilder {
  const others = (all: readonly CacheKey[]): CacheKey[] => all.filter(({ key }) => key !== 'queue');
  return healthyEvidence()
    .change('before', 'redis', 'keys', (all) => [...others(all), cacheKey('queue', before)])
    .change('after', 'redis', 'keys', (all) => [...others(all), ...(after ? [cacheKey('queue', after)] : [])]);
}

describe('keys', () => {
  it('passes the healthy twin', async () => {
    expect((await judged(check, healthyEvidence())).verdict).toBe('pass');
  });

  it.each<[string, Partial<CacheKey>, Partial<CacheKey> | undefined]>([
    ['a missing key', {}, undefined],
    ['another value', {}, { digest: 'other' }],
    ['another type', {}, { type: 'list' }],
    ['an expiry that is lost', { expiresAtMs: EXPIRES_MS }, {}],
    ['an expiry that moved', { expiresAtMs: EXPIRES_MS }, { expiresAtMs: EXPIRES_MS + 1_001 }],
    ['a key lost before it expired', { expiresAtMs: EXPIRES_MS }, undefined],
  ])('catches %s', async (_what, before, after) => {
    const judgement = await judged(check, queue(before, after));
    expect(judgement).toMatchObject({ verdict: 'fail', findings: [{ subject: 'key queue' }] });
  });

  it('forgives a second of expiry, and keys that have expired', async () => {
    const moved = queue({ expiresAtMs: EXPIRES_MS }, { expiresAtMs: EXPIRES_MS - 1_000 });
    expect((await judged(check, moved)).verdict).toBe('pass');
    const expired = await judged(check, queue({ expiresAtMs: Date.parse(at('10:08:00')) }, undefined));
    expect(expired).toMatchObject({ verdict: 'pass' });
    expect(expired.actual).toContain('1 have expired');
  });

  it('catches an extra key, and a lost key of the ledger', async () => {
    const extra = healthyEvidence().change('after', 'redis', 'keys', (all) => [...all, cacheKey('stray')]);
    expect(subjects(await judged(check, extra))).toEqual(['key stray']);
    const lost = healthyEvidence().change('after', 'redis', 'keys', (all) => all.filter(({ key }) => key !== 'live:1'));
    expect(subjects(await judged(check, lost))).toEqual(['key live:1']);
  });

  it('is unknown when a list was not completely observed, or is empty', async () => {
    expect((await judged(check, healthyEvidence().forget('before', 'redis', 'keys'))).verdict).toBe('unknown');
    expect((await judged(check, healthyEvidence().forget('after', 'redis', 'keys'))).verdict).toBe('unknown');
    const empty = healthyEvidence().both('redis', 'keys', []).with({ ledger: [] });
    expect((await judged(check, empty)).verdict).toBe('unknown');
    const expired = healthyEvidence()
      .list('before', 'redis', 'keys', [cacheKey('session', { expiresAtMs: Date.parse(at('10:08:00')) })])
      .list('after', 'redis', 'keys', [])
      .with({ ledger: [] });
    expect(await judged(check, expired)).toMatchObject({
      verdict: 'unknown',
      actual: 'every key of redis has expired since it was recorded',
    });
  });
});
