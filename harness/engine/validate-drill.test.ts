import { describe, expect, it } from 'vitest';
import { DrillError } from '../model/error.ts';
import { validateDrill } from './validate-drill.ts';

const good = {
  name: 'x',
  claim: 'it works',
  workload: {
    name: 'photos',
    components: [
      { name: 'library', kind: 'volume' },
      { name: 'database', kind: 'postgres' },
    ],
  },
  paths: { library: { name: 'restic', protects: 'volume' }, database: { name: 'pg-dump', protects: 'postgres' } },
  disaster: { name: 'lose-everything' },
  objectives: { rto: '2h', components: { library: { rto: '1h', rpo: '24h' } } },
};

function problems(drill: unknown): string {
  try {
    validateDrill(drill, 'x.drill.ts');
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(DrillError);
    expect(error).toMatchObject({ blame: 'usage', code: 'drill-invalid' });
    return (error as DrillError).what;
  }
}

describe('validateDrill', () => {
  it('takes a good drill as it is', () => {
    expect(validateDrill(good, 'x')).toBe(good);
  });

  it.each([
    ['a typo in the objectives', { ...good, objectives: { rtoo: '2h' } }, /objectives.*rtoo/],
    ['a duration that is none', { ...good, objectives: { rto: '2 hours' } }, /objectives\.rto: is not a duration/],
    [
      'an objective for a stranger',
      { ...good, objectives: { components: { libary: { rto: '1h' } } } },
      /libary.*only library, database/,
    ],
    ['a path for a stranger', { ...good, paths: { photos: good.paths.library } }, /paths\.photos/],
    [
      'a path that does not fit',
      { ...good, paths: { library: good.paths.database } },
      /pg-dump protects a postgres, and library is a volume/,
    ],
    ['no path at all', { ...good, paths: {} }, /at least one component/],
    ['an unknown key', { ...good, disasterr: {} }, /disasterr/],
    ['an order that forgets one', { ...good, backupOrder: ['library'] }, /database has a path, but no place/],
    ['nothing', undefined, /the drill/],
  ])('refuses %s', (_, drill, expected) => {
    expect(problems(drill)).toMatch(expected);
  });

  it('says everything that is wrong at once', () => {
    expect(problems({ ...good, name: 'Bad Name', objectives: { rto: 'x', rpo: 'y' } }).split(';')).toHaveLength(3);
  });
});
