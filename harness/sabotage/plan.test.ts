import { expect, it } from 'vitest';
import type { Sabotage } from '../model/sabotage.ts';
import { pgDump } from '../paths/pg-dump.ts';
import { restic } from '../paths/restic.ts';
import { s3Sync } from '../paths/s3-sync.ts';
import { labelOf } from './columns.ts';
import { planMatrix, type Selection } from './plan.ts';

const COLUMNS = [restic(), s3Sync(), pgDump(), pgDump({ format: 'plain' })].map((path) => ({
  component: path.protects === 'volume' ? 'library' : 'database',
  label: labelOf(path),
  path,
}));

function sabotage(name: string, changes: Partial<Sabotage> = {}): Sabotage {
  return { name, summary: '', where: 'store', component: 'library', expects: [], ruin: (drill) => drill, ...changes };
}

function planned(sabotages: readonly Sabotage[], selection: Partial<Selection> = {}, substrate = 'local'): string[] {
  const { cells } = planMatrix(sabotages, COLUMNS, substrate, { only: [], paths: [], ...selection });
  return cells.map(({ sabotage, column }) => `${sabotage.name} on ${column.label}`);
}

it('has every sabotage against every path of its component that it can ruin, and says why not the others', () => {
  const sabotages = [sabotage('a'), sabotage('b', { paths: ['restic'], otherwise: 'no repository' })];
  expect(planned(sabotages)).toEqual(['a on restic', 'a on s3-sync', 'b on restic']);
  expect(planMatrix(sabotages, COLUMNS, 'local', { only: [], paths: [] }).notApplicable).toEqual([
    { sabotage: 'b', component: 'library', path: 's3-sync', why: 'no repository' },
  ]);
});

it('leaves out what another substrate cannot do', () => {
  const here = sabotage('a', { only: { substrates: ['local'], why: 'only here' } });
  expect(planned([here], {}, 'kind')).toEqual([]);
  expect(planned([here])).toHaveLength(2);
});

it('selects by name, by path and by part, and takes each once from another path', () => {
  const sabotages = [sabotage('a'), sabotage('b'), sabotage('c', { component: 'database' })];
  expect(planned(sabotages, { only: ['b'] })).toEqual(['b on restic', 'b on s3-sync']);
  expect(planned(sabotages, { paths: ['pg-dump'] })).toEqual(['c on pg-dump custom', 'c on pg-dump plain']);
  expect(planned(sabotages, { paths: ['pg-dump plain'] })).toEqual(['c on pg-dump plain']);
  expect(planned(sabotages, { once: true })).toEqual(['a on restic', 'b on s3-sync', 'c on pg-dump custom']);
  const parts = [1, 2, 3].flatMap((index) => planned(sabotages, { shard: { index, count: 3 } }));
  expect(parts.toSorted()).toEqual(planned(sabotages).toSorted());
});
