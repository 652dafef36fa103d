import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { renderJson } from '../../reports/json.ts';
import { samples } from '../../reports/samples/samples.ts';
import { DAMAGED as UNREADABLE } from '../engine/journal.ts';
import { findRun, journalOf, listRuns } from './run-store.ts';
import { damageResult, RESULTS } from './testing/damaged-results.ts';

const HEALTHY = 'notes-20260314-020000-0a0a';
const DAMAGED = 'notes-20260315-020000-0b0b';

function folderOfRuns(): string {
  const folder = mkdtempSync(join(tmpdir(), 'drill-runs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const id of [HEALTHY, DAMAGED]) {
    mkdirSync(join(folder, id));
    writeFileSync(join(folder, id, 'journal.jsonl'), '');
    const { run } = samples.passed;
    writeFileSync(join(folder, id, 'result.json'), renderJson({ ...samples.passed, run: { ...run, id } }));
  }
  return folder;
}

it.each(Object.entries(RESULTS))(
  'a result that %s is damaged, passes for nothing and hides no other run',
  (_, damage) => {
    const folder = folderOfRuns();
    damageResult(join(folder, DAMAGED), damage);
    const runs = listRuns(folder);
    expect(runs.map(({ id }) => id)).toEqual([HEALTHY, DAMAGED]);
    expect(runs[0]).toMatchObject({ damage: undefined, result: { verdict: 'pass' } });
    expect(runs[1]).toMatchObject({ damage: expect.stringMatching(/^result\.json is damaged: ./), result: undefined });
  },
);

it('a result is read when a later version has added to it', () => {
  const folder = folderOfRuns();
  const later = { ...samples.passed, run: { ...samples.passed.run, id: DAMAGED, more: 1 }, added: true };
  writeFileSync(join(folder, DAMAGED, 'result.json'), JSON.stringify(later));
  expect(findRun(undefined, folder).result?.verdict).toBe('pass');
});

it('a run without a result, without a journal, or that is a file among the runs ends nothing', () => {
  const folder = folderOfRuns();
  rmSync(join(folder, DAMAGED, 'result.json'));
  rmSync(join(folder, HEALTHY, 'journal.jsonl'));
  writeFileSync(join(folder, 'notes'), '');
  symlinkSync('nowhere', join(folder, 'link'));
  expect(listRuns(folder).map(({ id, damage }) => [id, damage])).toEqual([
    [HEALTHY, undefined],
    [DAMAGED, undefined],
  ]);
  expect(() => journalOf(findRun(HEALTHY, folder))).toThrow(/journal of .* cannot be read/);
});

it.each([
  ['cut in the middle of a line', '{"at":"x","event":"run"}\n{"at":"x","ev', 1],
  ['with lines that are no objects', 'null\n7\n"event"\n[]\n{"at":"x","event":"run"}\n{"event":7}\n', 1],
  ['of zeros', '\0'.repeat(4096), 0],
])('a journal %s is read as far as it goes', (_, text, lines) => {
  const folder = folderOfRuns();
  writeFileSync(join(folder, DAMAGED, 'journal.jsonl'), text);
  const read = journalOf(findRun(DAMAGED, folder));
  expect(read.filter(({ event }) => event !== UNREADABLE)).toHaveLength(lines);
});

it.each([
  ['a pipe', (file: string) => execFileSync('mkfifo', [file])],
  ['a folder', (file: string) => mkdirSync(file)],
  ['far too large', RESULTS['is far too large']],
])('a journal that is %s is said to be so at once', (_, make) => {
  const folder = folderOfRuns();
  const file = join(folder, DAMAGED, 'journal.jsonl');
  rmSync(file);
  if (make === RESULTS['is far too large']) writeFileSync(file, '');
  make?.(file);
  expect(() => journalOf(findRun(DAMAGED, folder))).toThrow(/journal of .* cannot be read/);
});

it('a folder of runs that is a file is a sentence', () => {
  const folder = folderOfRuns();
  const file = join(folder, HEALTHY, 'result.json');
  expect(() => listRuns(file)).toThrow(/The folder of runs .* is no folder/);
});
