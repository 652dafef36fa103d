import { describe, expect, it } from 'vitest';
import { identity } from './identity.ts';
import { healthyEvidence } from './testing/healthy-evidence.ts';
import { judged } from './testing/verdict-of.ts';

describe('identity', () => {
  it('passes the healthy twin', async () => {
    expect((await judged(identity(), healthyEvidence())).verdict).toBe('pass');
  });

  it('catches a restore into the old place', async () => {
    const { identities } = healthyEvidence().build();
    const judgement = await judged(identity(), healthyEvidence(), {
      identities: identities.map((one) => (one.component === 'library' ? { ...one, after: one.before } : one)),
    });
    expect(judgement).toMatchObject({
      verdict: 'fail',
      findings: [{ subject: 'library', actual: 'restored into the old place' }],
    });
  });

  it('is unknown when nothing says where a component went, or nothing was struck', async () => {
    expect((await judged(identity(), healthyEvidence(), { identities: [] })).verdict).toBe('unknown');
    expect((await judged(identity(), healthyEvidence(), { struck: [] })).verdict).toBe('unknown');
  });

  it('lets a component that was not struck keep its place', async () => {
    const identities = [{ component: 'library', before: 'same', after: 'same' }];
    const others = healthyEvidence().build().identities.slice(1);
    const parts = { identities: [...identities, ...others], struck: ['database', 'redis'] };
    expect((await judged(identity(), healthyEvidence(), parts)).verdict).toBe('pass');
  });
});
