import { expect } from 'vitest';
import { openLocal } from '../../../../cli/open-substrate.ts';
import { sabotageOwn } from '../../../../existing/sabotage/sabotage-own.ts';
import type { OwnSabotageResult } from '../../../../model/own-sabotage-result.ts';
import { existing } from '../../existing.ts';
import { sabotages } from '../configuration/sabotages.ts';
import { SyntheticLibrary } from './synthetic-library.ts';

const ASSETS = 40;
const ENOUGH = 500 * 1024 ** 2;
/** Enough to meet one of many thumbnails that are none. */
const SOME_IMAGES = 12;

/** What a drill without any setting of its own lets pass today: whoever teaches it to see one takes it out of here. */
export const MISSED = ['dump-older'];

/** What to do to which copy. */
export interface Asked {
  /** What the configuration of the set-up has beside the library and its dump. */
  readonly config?: object;
  /** Names of the ways; every one when it is left out. */
  readonly only?: readonly string[];
  readonly maxBytes?: number;
}

/** A synthetic library with a dump, whose set-up is sabotaged. */
export class OwnSabotageBench implements AsyncDisposable {
  readonly library: SyntheticLibrary;
  /** The folder of the dump. */
  readonly sql: string;

  private constructor(library: SyntheticLibrary, sql: string) {
    this.library = library;
    this.sql = sql;
  }

  static async make(): Promise<OwnSabotageBench> {
    const library = await SyntheticLibrary.make(ASSETS);
    return new OwnSabotageBench(library, await library.asSql('sql'));
  }

  async sabotage({ config = {}, only = [], maxBytes = ENOUGH }: Asked = {}): Promise<OwnSabotageResult> {
    const ways = (await sabotages.ways()).filter(({ name }) => only.length === 0 || only.includes(name));
    expect(ways.length).toBeGreaterThanOrEqual(Math.max(1, only.length));
    const parsed = existing.schema.parse({
      workload: 'immich',
      library: { folder: this.library.at('media') },
      database: { folder: this.sql },
      images: SOME_IMAGES,
      ...config,
    });
    return await sabotageOwn('mine', { config: parsed, plugIn: existing }, existing.sabotages ?? sabotages, {
      ...{ ways, maxBytes, jobs: 2, runsFolder: this.library.at('runs'), signal: new AbortController().signal },
      listener: { note: () => {}, planned: () => {}, way: () => {} },
      openSubstrate: openLocal({ s3: 'versitygw', onNote: () => {} }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.library[Symbol.asyncDispose]();
  }
}

/** The ways that had an outcome, in the order of the alphabet. */
export function namesOf({ ways }: OwnSabotageResult, outcome: string): string[] {
  return ways
    .filter((way) => way.outcome === outcome)
    .map(({ name }) => name)
    .toSorted();
}

/** Whatever is not expected to be missed was caught by a check, which says what it saw. */
export function expectCaught(result: OwnSabotageResult): void {
  expect(result.trouble).toBe('');
  expect(result.healthy).toMatchObject({ passed: true, why: '' });
  const missed = result.ways.filter(({ name }) => MISSED.includes(name)).length;
  expect({ missed: namesOf(result, 'missed'), noticed: namesOf(result, 'noticed') }).toEqual({
    missed: missed > 0 ? MISSED : [],
    noticed: [],
  });
  expect(result).toMatchObject({ exitCode: missed > 0 ? 1 : 0, caught: result.total - missed });
  expect(result.killScore).toBeCloseTo((100 * result.caught) / result.total);
  for (const { outcome, by, said } of result.ways)
    expect(outcome === 'missed' || (by !== '' && said !== '')).toBe(true);
}
