import { describe, expect, it } from 'vitest';
import { retention } from './retention.ts';
import { receipt } from './testing/entries.ts';
import { at, healthyEvidence } from './testing/healthy-evidence.ts';
import { judged, subjects } from './testing/verdict-of.ts';

describe('retention', () => {
  it('passes the healthy twin', async () => {
    expect((await judged(retention(), healthyEvidence())).verdict).toBe('pass');
  });

  it('catches the newest backup deleted while an older one was kept', async () => {
    const { receipts, retained } = healthyEvidence().build();
    const newer = receipt('library', at('10:05:00'), at('10:06:00'), { id: 'library-2' });
    const judgement = await judged(retention(), healthyEvidence(), { receipts: [newer, ...receipts], retained });
    expect(judgement.verdict).toBe('fail');
    expect(subjects(judgement)).toEqual(['library: backup library-2']);
  });

  it('catches a component without any backup', async () => {
    const receipts = healthyEvidence()
      .build()
      .receipts.filter(({ component }) => component !== 'redis');
    expect(subjects(await judged(retention(), healthyEvidence(), { receipts }))).toEqual(['redis']);
  });

  it('is unknown when no retention ran, says nothing of a component, or nothing is protected', async () => {
    expect((await judged(retention(), healthyEvidence(), { retained: undefined })).verdict).toBe('unknown');
    expect((await judged(retention(), healthyEvidence(), { retained: {} })).verdict).toBe('unknown');
    expect((await judged(retention(), healthyEvidence(), { promises: {} })).verdict).toBe('unknown');
  });
});
