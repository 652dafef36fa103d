import { describe, expect, it } from 'vitest';
import { freshness } from './freshness.ts';
import { receipt } from './testing/entries.ts';
import { at, healthyEvidence } from './testing/healthy-evidence.ts';
import { judged, subjects } from './testing/verdict-of.ts';

function rpo(objectiveSeconds: number | null, library?: number) {
  const components = library === undefined ? {} : { library: { seconds: null, objectiveSeconds: library } };
  return { rpo: { seconds: null, objectiveSeconds, components } };
}

describe('freshness', () => {
  it('passes the healthy twin, with and without a limit', async () => {
    expect((await judged(freshness(), healthyEvidence())).actual).toContain('library 3 min (no limit set)');
    expect((await judged(freshness('5m'), healthyEvidence())).verdict).toBe('pass');
    expect((await judged(freshness(), healthyEvidence(), rpo(300))).verdict).toBe('pass');
  });

  it('names backups older than the limit, the RPO, or the RPO of the component', async () => {
    const byAge = await judged(freshness('200s'), healthyEvidence(), rpo(900));
    expect(byAge).toMatchObject({ verdict: 'fail', findings: [{ subject: 'database: backup database-1' }] });
    expect(subjects(await judged(freshness(), healthyEvidence(), rpo(200)))).toEqual(['database: backup database-1']);
    const byComponent = await judged(freshness(), healthyEvidence(), rpo(900, 60));
    expect(subjects(byComponent)).toEqual(['library: backup library-1']);
  });

  it('catches a component without a backup, and a backup made after the disaster', async () => {
    const [database, library] = healthyEvidence().build().receipts;
    const late = receipt('redis', at('10:08:00'), at('10:08:30'));
    const receipts = [database, late].filter((one) => one !== undefined);
    const judgement = await judged(freshness(), healthyEvidence(), { receipts });
    expect(subjects(judgement)).toEqual(['library', 'redis: backup redis-1']);
    expect(library?.component).toBe('library');
  });

  it('is unknown when nothing says when the disaster came, or nothing is protected', async () => {
    expect((await judged(freshness(), healthyEvidence(), { phases: {} })).verdict).toBe('unknown');
    expect((await judged(freshness(), healthyEvidence(), { promises: {} })).verdict).toBe('unknown');
  });

  it('refuses an age that is not a duration', () => {
    expect(() => freshness('soon')).toThrow(expect.objectContaining({ code: 'duration-unreadable', blame: 'usage' }));
  });
});
