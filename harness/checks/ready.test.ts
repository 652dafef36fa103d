import { describe, expect, it } from 'vitest';
import { ready } from './ready.ts';
import { healthyEvidence } from './testing/healthy-evidence.ts';
import { judged } from './testing/verdict-of.ts';

describe('ready', () => {
  it('passes the healthy twin', async () => {
    expect(await judged(ready(), healthyEvidence())).toMatchObject({ verdict: 'pass', actual: 'it answers' });
  });

  it('catches a workload that does not serve', async () => {
    const seen = { ready: false, saw: 'no marker in upload' };
    expect(await judged(ready(), healthyEvidence(), { ready: seen })).toMatchObject({
      verdict: 'fail',
      findings: [{ subject: 'workload', actual: 'no marker in upload' }],
    });
  });

  it('is unknown when nobody asked', async () => {
    expect((await judged(ready(), healthyEvidence(), { ready: undefined })).verdict).toBe('unknown');
  });
});
