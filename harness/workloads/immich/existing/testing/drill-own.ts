import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runResultSchema } from '../../../../../reports/schema/run-result.ts';
import { openLocal } from '../../../../cli/open-substrate.ts';
import type { RunOptions } from '../../../../engine/engine.ts';
import { runRehearsal, runUpgrade } from '../../../../existing/run-existing.ts';
import type { Rehearsal } from '../../../../model/drill.ts';
import type { Reference } from '../../../../model/manifest.ts';
import type { RunResult } from '../../../../model/result.ts';
import type { Substrate } from '../../../../model/substrate.ts';
import { rehearsalOf } from '../configuration/rehearsal-of.ts';
import { type DrillConfig, schema } from '../configuration/schema.ts';
import { upgradeOf } from '../configuration/upgrade-of.ts';
import type { Truth } from './real-library.ts';

const UPGRADE_BUDGET_MS = 60_000;

type OpenSubstrate = RunOptions['openSubstrate'];

const HERE: OpenSubstrate = openLocal({ s3: 'versitygw', onNote: () => {} });

/** Drills backups as a part of `drills.config.yaml` describes them; `look` may read the run's folder, which goes then. */
export async function drillOwn(
  folder: string,
  config: object,
  look: (result: RunResult) => void | Promise<void> = () => {},
  rehearse: (name: string, config: DrillConfig) => Rehearsal = rehearsalOf,
  openSubstrate = HERE,
): Promise<RunResult> {
  const result = await runRehearsal(rehearse('own', parsed(config)), optionsOf(folder, openSubstrate));
  await look(result);
  rmSync(result.run.folder, { recursive: true, force: true });
  return result;
}

/** Starts a newer version on those backups. */
export async function upgradeOwn(
  folder: string,
  config: object,
  image: string,
  openSubstrate = HERE,
): Promise<RunResult> {
  const to = { image, budgetMs: UPGRADE_BUDGET_MS };
  return await runUpgrade(upgradeOf('own', parsed(config), to), optionsOf(folder, openSubstrate));
}

/** A substrate that goes on when a run that uses it is over. */
export function shared(substrate: Substrate): OpenSubstrate {
  const lasting = new Proxy(substrate, {
    get: (target, name) => {
      if (name === Symbol.asyncDispose) return async () => {};
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return async () => lasting;
}

function parsed(config: object): DrillConfig {
  return schema.parse({ workload: 'immich', images: 12, ...config });
}

function optionsOf(folder: string, openSubstrate: OpenSubstrate): RunOptions {
  return {
    runsFolder: join(folder, 'runs'),
    keep: 'never',
    signal: new AbortController().signal,
    listener: { phaseStarted: () => {}, phaseEnded: () => {}, step: () => {} },
    openSubstrate,
  };
}

/** The run passed, and what it saw of every asset is what the real server knew of it. */
export function expectTruth(result: RunResult, truth: Truth): void {
  expect(runResultSchema.safeParse(JSON.parse(JSON.stringify(result))).error).toBeUndefined();
  expect(result.failures).toEqual([]);
  expect(result.checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  expect(result).toMatchObject({ verdict: 'pass', exitCode: 0 });
  expect(result.drill.workload.version).toBe(`v${truth.version}`);
  expect(result.facts).toMatchObject({ assets: truth.assets.length, users: truth.users.length });
  const lines = readFileSync(join(result.run.folder, 'evidence/after/database/references.ndjson'), 'utf8').trim();
  const seen = lines.split('\n').map((line) => JSON.parse(line) as Reference);
  const originals = seen.filter(({ kind }) => kind === 'original');
  const told = truth.assets.map(({ id, sha1, path }) => ({ id, sha1, path: path.replace('/data/', '') }));
  const found = originals.map(({ owner, sha1, path }) => ({ id: owner.split(' ')[1] ?? '', sha1, path }));
  const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
  expect(found.toSorted(byId)).toEqual(told.toSorted(byId));
}
