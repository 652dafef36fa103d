import { describe, expect, it } from 'vitest';
import { gone } from './gone.ts';
import { healthyEvidence } from './testing/healthy-evidence.ts';
import { judged } from './testing/verdict-of.ts';

describe('gone', () => {
  it('passes the healthy twin', async () => {
    expect((await judged(gone(), healthyEvidence())).verdict).toBe('pass');
  });

  it('catches a disaster that destroyed nothing', async () => {
    const { absences } = healthyEvidence().build();
    const still = { component: 'library', looked: 'volume library', gone: false, found: '12 files' };
    const judgement = await judged(gone(), healthyEvidence(), { absences: [...absences, still] });
    expect(judgement).toMatchObject({
      verdict: 'fail',
      findings: [{ subject: 'library: volume library', actual: '12 files' }],
    });
  });

  it('catches a component at which nobody looked', async () => {
    const absences = healthyEvidence().build().absences.slice(1);
    const judgement = await judged(gone(), healthyEvidence(), { absences });
    expect(judgement).toMatchObject({ verdict: 'fail', findings: [{ subject: 'library', actual: 'nobody looked' }] });
  });

  it('is unknown when nothing was struck', async () => {
    expect((await judged(gone(), healthyEvidence(), { struck: [], absences: [] })).verdict).toBe('unknown');
  });
});
