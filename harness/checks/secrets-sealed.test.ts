import { describe, expect, it } from 'vitest';
import { secretsSealed } from './secrets-sealed.ts';
import { healthyEvidence } from './testing/healthy-evidence.ts';
import { judged } from './testing/verdict-of.ts';

describe('secretsSealed', () => {
  it('passes the healthy twin', async () => {
    expect((await judged(secretsSealed(), healthyEvidence())).verdict).toBe('pass');
  });

  it('names a secret that can be read, and where', async () => {
    const leaks = [{ secret: 'db-password', object: 'config/values.yaml' }];
    expect(await judged(secretsSealed(), healthyEvidence(), { leaks })).toMatchObject({
      verdict: 'fail',
      findings: [{ subject: 'secret db-password', actual: 'readable in config/values.yaml' }],
    });
  });

  it('is unknown when nobody searched', async () => {
    expect((await judged(secretsSealed(), healthyEvidence(), { leaks: undefined })).verdict).toBe('unknown');
  });
});
