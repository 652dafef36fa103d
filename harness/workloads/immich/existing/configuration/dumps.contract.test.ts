import { afterAll, beforeAll, expect, it } from 'vitest';
import { drillOwn } from '../testing/drill-own.ts';
import { SyntheticLibrary } from '../testing/synthetic-library.ts';

let library: SyntheticLibrary;

beforeAll(async () => {
  library = await SyntheticLibrary.make(40);
  await library.asSql('sql');
});
afterAll(async () => {
  await library?.[Symbol.asyncDispose]();
});

it.each([
  ['SQL that gzip has packed', 'sql'],
  ['an archive', 'dumps'],
])('a healthy library passes with a dump as %s, loaded by no superuser and timed', async (_, dumps) => {
  const config = { library: { folder: library.at('media') }, database: { folder: library.at(dumps) } };
  const result = await drillOwn(library.folder, config);
  expect(result.failures).toEqual([]);
  expect(result.checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  expect(result.verdict).toBe('pass');
  expect(result.rto.components.database?.phases.load).toBeGreaterThan(0);
  const receipt = result.backups.find(({ component }) => component === 'database');
  expect(receipt?.details.leftOut).toMatch(/extensions/);
});
