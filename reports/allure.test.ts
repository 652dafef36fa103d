import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepResult, TestResult } from 'allure-js-commons';
import { describe, expect, test } from 'vitest';
import type { RunResult } from '../harness/model/result.ts';
import { allureCategories } from './allure/categories.ts';
import { report } from './allure.ts';
import { SampleRunFolder } from './samples/run-folder.ts';
import { samples } from './samples/samples.ts';

async function resultsOf(result: RunResult) {
  await using folder = await SampleRunFolder.of(result);
  const files = await report.write(result, folder.path);
  const contents = await Promise.all(
    files.map(async (file) => [file.split('/').at(-1) ?? '', await readFile(file, 'utf8')] as const),
  );
  const tests = contents
    .filter(([name]) => name.endsWith('-result.json'))
    .map(([, content]) => JSON.parse(content) as TestResult);
  return { files: new Map(contents), tests, named: new Map(tests.map((one) => [one.fullName, one])) };
}

function categoriesFor(test: TestResult | undefined): string[] {
  const { status, statusDetails } = test ?? {};
  return allureCategories()
    .filter(({ matchedStatuses }) => status !== undefined && matchedStatuses.includes(status))
    .filter(({ messageRegex }) => new RegExp(messageRegex).test(statusDetails?.message ?? ''))
    .map(({ name }) => name);
}

function allSteps(steps: readonly StepResult[]): StepResult[] {
  return steps.flatMap((step) => [step, ...allSteps(step.steps)]);
}

describe('Allure results', () => {
  test('a test a check, and one for the drill; labels, parameters and severity are set', async () => {
    const { tests, named } = await resultsOf(samples.passed);
    expect(tests.map(({ status }) => status)).toEqual(Array(20).fill('passed'));
    const rows = named.get('immich-full/database/rows');
    const labels = Object.fromEntries((rows?.labels ?? []).map(({ name, value }) => [name, value]));
    expect(labels).toMatchObject({ suite: 'immich-full', feature: 'database', severity: 'critical' });
    expect(rows?.parameters).toContainEqual({ name: 'backup path', value: 'pg-dump', excluded: true });
  });

  test('phases and jobs are steps at their real times, with their logs', async () => {
    const { named, files } = await resultsOf(samples.passed);
    const drill = named.get('immich-full/all/the drill');
    expect(drill?.steps.map(({ name }) => name)).toHaveLength(14);
    const restore = drill?.steps.find(({ name }) => name === 'restore');
    expect((restore?.stop ?? 0) - (restore?.start ?? 0)).toBe(11_400);
    const job = restore?.steps.find(({ name }) => name === 'job library.restore');
    expect(job?.start).toBe(restore?.start);
    expect(files.get(job?.attachments[0]?.source ?? '')).toBe('what library.restore said\n');
  });

  test('pass, fail and unknown map to passed, failed and broken, each in its category', async () => {
    const failed = (await resultsOf(samples.failed)).named;
    expect(failed.get('immich-full/library/files')?.status).toBe('failed');
    expect(categoriesFor(failed.get('immich-full/library/files'))).toEqual(['Data mismatch']);
    expect(categoriesFor(failed.get('immich-full/all/objectives'))).toEqual(['Objective missed']);
    const unknown = (await resultsOf(samples.unknown)).named;
    expect(unknown.get('immich-full/redis/keys')?.status).toBe('broken');
    expect(categoriesFor(unknown.get('immich-full/redis/keys'))).toEqual(['Could not be verified']);
  });

  test.each(['harnessFailure', 'interrupted'] as const)('"%s" is broken, with the phase that stopped', async (kind) => {
    const { tests } = await resultsOf(samples[kind]);
    expect(tests).toHaveLength(1);
    expect(tests[0]?.status).toBe('broken');
    expect(categoriesFor(tests[0])).toEqual(['Harness failure or interruption']);
    expect(allSteps(tests[0]?.steps ?? []).filter(({ status }) => status === 'broken')).toHaveLength(1);
  });

  test('the findings of a red check and the logs of its component are attached', async () => {
    const { named, files } = await resultsOf(samples.failed);
    const attached = named.get('immich-full/library/files')?.attachments ?? [];
    expect(attached.map(({ name }) => name)).toEqual([
      'findings/library.files.ndjson',
      'logs/library.backup.log',
      'logs/library.restore.log',
    ]);
    expect(
      files
        .get(attached[0]?.source ?? '')
        ?.trim()
        .split('\n'),
    ).toHaveLength(3);
  });

  test('findings that no file holds are attached all the same; nothing outside the run is', async () => {
    const { tests } = await resultsOf(samples.weird);
    const names = tests.flatMap(({ attachments }) => attachments.map(({ name }) => name));
    expect(names.sort()).toEqual(['findings.ndjson', 'result.json', 'summary.md']);
  });

  test('a test stays the same one over runs, but not over drills, substrates or checks', async () => {
    const ids = async (result: RunResult) => (await resultsOf(result)).tests.map(({ historyId }) => historyId).sort();
    const first = await ids(samples.passed);
    expect(new Set(first).size).toBe(20);
    expect(await ids({ ...samples.failed, drill: { ...samples.failed.drill, disaster: 'another' } })).toEqual(first);
    const elsewhere = await ids({ ...samples.passed, drill: { ...samples.passed.drill, substrate: 'kind' } });
    expect(elsewhere.filter((id) => first.includes(id))).toEqual([]);
  });

  test('environment, categories and executor are there; results of an earlier write are not', async () => {
    await using folder = await SampleRunFolder.of(samples.passed);
    await report.write(samples.passed, folder.path);
    await report.write(samples.harnessFailure, folder.path);
    const results = join(folder.path, 'allure-results');
    const names = await readdir(results);
    expect(names.filter((name) => name.endsWith('-result.json'))).toHaveLength(1);
    expect(await readFile(join(results, 'environment.properties'), 'utf8')).toContain('tool.restic=0.18.1 (release)');
    expect(JSON.parse(await readFile(join(results, 'executor.json'), 'utf8'))).toMatchObject({
      buildName: samples.harnessFailure.run.id,
    });
    expect(JSON.parse(await readFile(join(results, 'categories.json'), 'utf8'))).toHaveLength(5);
  });
});
