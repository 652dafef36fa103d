import { expect, it } from 'vitest';
import { Workplace } from '../harness/cli/testing/workplace.ts';
import type { RandomResult, SabotageResult } from '../harness/model/sabotage-result.ts';

it('runs what was asked for, prints the result alone with --json, and leaves its reports and nothing else', async () => {
  using place = new Workplace();
  const ask = ['sabotage', 'immich-full', '--only', 'restic-key-deleted', '--path', 'restic', '--json'];
  const { exitCode, stdout, stderr } = await place.run(ask);
  expect(exitCode, stderr).toBe(0);
  const result = JSON.parse(stdout) as SabotageResult;
  expect(result).toMatchObject({ total: 1, caught: 1, missed: [], falseAlarms: [], killScore: 100 });
  expect(stderr).toMatch(/caught +restic-key-deleted +library by restic/);
  expect(place.leftFolders()).toEqual([]);
  expect(place.leftProcesses()).toEqual([]);
});

it('makes random faults, each caught or proved to be harmless', async () => {
  using place = new Workplace();
  const ask = ['sabotage', 'immich-full', '--random', '1', '--seed', '7', '--path', 's3-sync', '--json'];
  const { exitCode, stdout, stderr } = await place.run(ask);
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(stdout) as RandomResult).toMatchObject({
    total: 1,
    missed: [],
    faults: [{ path: 's3-sync', outcome: expect.stringMatching(/^(caught|identical)$/) }],
  });
});

it('writes the catalogue, and refuses what it does not know', async () => {
  using place = new Workplace();
  const catalogue = await place.run(['sabotage', '--list']);
  expect(catalogue.exitCode).toBe(0);
  expect(catalogue.stdout).toMatch(/^# Sabotages/);
  expect(catalogue.stdout).toContain('`restic-pack-deleted`');
  expect(catalogue.stdout).toContain('https://github.com/restic/restic/issues/3166');
  const unknown = await place.run(['sabotage', 'immich-full', '--only', 'no-such-thing']);
  expect(unknown).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('restic-pack-deleted') });
  expect((await place.run(['sabotage', 'immich-full', '--shard', '4/3'])).exitCode).toBe(64);
  const elsewhere = await place.run(['sabotage', 'immich-snapshots']);
  expect(elsewhere).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('add --on kind') });
});
