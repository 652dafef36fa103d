import { describe, expect, test } from 'vitest';
import { samples } from '../samples/samples.ts';
import { rpoRows, rtoRows } from './objectives.ts';

function standing(seconds: number | null, objectiveSeconds: number | null) {
  return rpoRows({ ...samples.passed, rpo: { seconds, objectiveSeconds, components: {} } })[0]?.standing;
}

describe('objectives', () => {
  test('a time meets its objective up to the last second', () => {
    expect(standing(10, 10)).toBe('met');
    expect(standing(10.1, 10)).toBe('missed');
    expect(standing(10, null)).toBe('no objective');
  });

  test('a time that was not measured never meets one', () => {
    expect(standing(null, 10)).toBe('not measured');
    expect(standing(null, null)).toBe('not measured');
    expect(standing(Number.NaN, 10)).toBe('not measured');
  });

  test('a place that had to be made first has a line of its own', () => {
    const { passed } = samples;
    const rows = rtoRows({ ...passed, rto: { ...passed.rto, place: { name: 'new cluster', seconds: 30 } } });
    expect(rows[1]).toMatchObject({ component: 'new cluster', seconds: 30, phases: { provision: 30, load: 0 } });
    expect(rows).toHaveLength(rtoRows(passed).length + 1);
  });

  test('the whole comes first, then the components', () => {
    expect(rtoRows(samples.passed).map(({ component }) => component)).toEqual([
      'all',
      ...Object.keys(samples.passed.rto.components),
    ]);
  });
});
