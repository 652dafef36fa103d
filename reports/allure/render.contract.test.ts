import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunResult } from '../../harness/model/result.ts';
import { report as allure } from '../allure.ts';
import { report as json } from '../json.ts';
import { samples } from '../samples/samples.ts';
import { readHistory } from './history.ts';
import { renderAllure } from './render.ts';

let runs = '';
beforeAll(async () => {
  runs = await mkdtemp(join(tmpdir(), 'drill-runs-'));
});
afterAll(() => rm(runs, { recursive: true, force: true }));

async function runFolder(result: RunResult): Promise<string> {
  const folder = join(runs, result.run.id.replace(/[^a-z0-9-]/g, '').slice(0, 60));
  await mkdir(folder, { recursive: true });
  await json.write(result, folder);
  await allure.write(result, folder);
  return folder;
}

/** The data that the page carries, as text. */
function embedded(page: string): string {
  const files = page.matchAll(/d\("[^"]+","([A-Za-z0-9+/=]+)"\)/g);
  return [...files].map(([, base64 = '']) => Buffer.from(base64, 'base64').toString('utf8')).join('\n');
}

async function names(): Promise<string[]> {
  return (await readHistory(join(runs, 'allure-history.jsonl'))).map(({ name }) => name);
}

describe('the Allure report', () => {
  test('one page with checks, steps, categories and attachments, with history, that calls nobody', async () => {
    const folders = [await runFolder(samples.failed), await runFolder(samples.passed)];
    const page = await readFile(await renderAllure(folders, join(runs, 'out')), 'utf8');
    const data = embedded(page);
    const parts = [
      'library: files',
      'database: rows',
      'Data mismatch',
      'Objective missed',
      'verify gone',
      'VID_0007.mp4',
    ];
    expect(parts.filter((part) => !data.includes(part))).toEqual([]);
    expect(page.includes('googletagmanager')).toBe(false);
    expect(/(?:src|href)=["']?(?:https?:)?\/\//.test(page.replace(/data:[a-z/]+;base64,[^"']+/g, ''))).toBe(false);
    expect(await names()).toEqual([samples.passed.run.id, samples.failed.run.id]);
    expect(data.includes(samples.passed.run.id)).toBe(true);
  });

  test('rendering a run again adds nothing; a run rendered late gets its place by its time', async () => {
    const [before] = await readHistory(join(runs, 'allure-history.jsonl'));
    await renderAllure([await runFolder(samples.interrupted)], join(runs, 'out'));
    await renderAllure([await runFolder(samples.unknown)], join(runs, 'out'));
    await renderAllure([await runFolder(samples.unknown), await runFolder(samples.passed)], join(runs, 'out'));
    const [after] = await readHistory(join(runs, 'allure-history.jsonl'));
    expect(after).toEqual(before);
    expect(await names()).toEqual(
      [samples.passed, samples.failed, samples.unknown, samples.interrupted].map(({ run }) => run.id),
    );
  });

  test('weird text is rendered too', async () => {
    const folder = await runFolder(samples.weird);
    const page = await readFile(await renderAllure([folder], join(runs, 'weird')), 'utf8');
    expect(page.includes('googletagmanager')).toBe(false);
    expect(embedded(page).includes('the whole drill')).toBe(true);
  });

  test('run folders without results are an error that says what to do', async () => {
    await mkdir(join(runs, 'killed'), { recursive: true });
    await expect(renderAllure([join(runs, 'killed')], join(runs, 'none'))).rejects.toMatchObject({
      code: 'no-allure-results',
    });
    expect(await readdir(runs)).not.toContain('none');
  });
});
