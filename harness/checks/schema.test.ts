import { describe, expect, it } from 'vitest';
import type { SchemaObject } from '../model/manifest.ts';
import { schema } from './schema.ts';
import type { EvidenceBuilder } from './testing/evidence-builder.ts';
import { healthyEvidence } from './testing/healthy-evidence.ts';
import { judged, subjects } from './testing/verdict-of.ts';

const check = schema('database');

function restored(change: (all: readonly SchemaObject[]) => readonly SchemaObject[]): EvidenceBuilder {
  return healthyEvidence().change('after', 'database', 'schema', change);
}

describe('schema', () => {
  it('passes the healthy twin', async () => {
    expect((await judged(check, healthyEvidence())).verdict).toBe('pass');
  });

  it('names a missing index with its table, and a missing table', async () => {
    const judgement = await judged(
      check,
      restored((all) => all.filter(({ kind }) => kind === 'extension')),
    );
    expect(judgement.verdict).toBe('fail');
    expect(subjects(judgement)).toEqual(['index clip_index on smart_search', 'table asset']);
  });

  it('catches a changed definition and an extra object', async () => {
    const changed = await judged(
      check,
      restored((all) => all.map((one) => ({ ...one, definition: `${one.definition}!` }))),
    );
    expect(changed).toMatchObject({ verdict: 'fail', findingCount: 3 });
    const trigger = { id: 'trigger stray', kind: 'trigger', definition: 'stray', table: 'asset' } as const;
    expect(
      subjects(
        await judged(
          check,
          restored((all) => [...all, trigger]),
        ),
      ),
    ).toEqual(['trigger stray on asset']);
  });

  it('is unknown when a list was not completely observed, or is empty', async () => {
    expect((await judged(check, healthyEvidence().forget('before', 'database', 'schema'))).verdict).toBe('unknown');
    expect((await judged(check, healthyEvidence().forget('after', 'database', 'schema'))).verdict).toBe('unknown');
    expect((await judged(check, healthyEvidence().both('database', 'schema', []))).verdict).toBe('unknown');
  });

  it('takes a newer version of an extension, and no older one, and none in another schema', async () => {
    const found = async (definition: string) => {
      const between = (text: string) => (all: readonly SchemaObject[]) => [
        ...all.slice(0, 1),
        { id: 'extension pg_trgm', kind: 'extension', definition: text } as const,
        ...all.slice(1),
      ];
      const evidence = healthyEvidence()
        .change('before', 'database', 'schema', between('version 1.9 in schema public'))
        .change('after', 'database', 'schema', between(definition));
      return subjects(await judged(check, evidence));
    };
    expect(await found('version 1.9 in schema public')).toEqual([]);
    expect(await found('version 1.10 in schema public')).toEqual([]);
    expect(await found('version 1.8 in schema public')).toEqual(['extension pg_trgm']);
    expect(await found('version 1.10 in schema other')).toEqual(['extension pg_trgm']);
  });
});
