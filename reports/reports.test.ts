import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Report } from '../harness/model/result.ts';
import { SampleRunFolder } from './samples/run-folder.ts';
import { samples } from './samples/samples.ts';

const FOLDER = import.meta.dirname;
const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
const reports = await Promise.all(
  files.map(async (file) => ((await import(join(FOLDER, file))) as { report: Report }).report),
);

describe('every report in the folder', () => {
  test('is named after its file', () => {
    expect(reports.map(({ name }) => `${name}.ts`)).toEqual(files);
    expect(files).toEqual(['allure.ts', 'html.ts', 'json.ts', 'junit.ts', 'markdown.ts', 'prometheus.ts']);
  });

  for (const [kind, result] of Object.entries(samples)) {
    test.each(reports)(`$name writes the result "${kind}" and nothing outside the folder`, async (report) => {
      await using folder = await SampleRunFolder.of(result);
      const before = await readdir(folder.path, { recursive: true });
      const written = await report.write(result, folder.path);
      const after = await readdir(folder.path, { recursive: true, withFileTypes: true });
      const added = after
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder.path, join(entry.parentPath, entry.name)));
      expect(written.length).toBeGreaterThan(0);
      expect(added.filter((path) => !before.includes(path)).sort()).toEqual(
        written.map((path) => relative(folder.path, path)).sort(),
      );
      for (const path of written) expect((await readFile(path)).length).toBeGreaterThan(0);
    });
  }

  test.each(reports)('$name may write the same result twice', async (report) => {
    await using folder = await SampleRunFolder.of(samples.failed);
    const first = await report.write(samples.failed, folder.path);
    const second = await report.write(samples.failed, folder.path);
    expect(second.length).toBe(first.length);
  });
});
