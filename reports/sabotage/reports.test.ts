import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SabotageCell, SabotageResult } from '../../harness/model/sabotage-result.ts';
import { report as allure } from './formats/allure.ts';
import { report as badge } from './formats/badge.ts';
import { renderSabotageHtml } from './formats/html.ts';
import { renderSabotageMarkdown } from './formats/markdown.ts';
import { renderSabotageMetrics } from './formats/prometheus.ts';
import { formatScore } from './grid.ts';

const CELL: SabotageCell = {
  sabotage: 'photo-bit-rot',
  summary: 'One bit is <another> one.',
  where: 'target',
  component: 'library',
  path: 'restic',
  outcome: 'caught',
  why: '',
  harmed: ['upload/a|b.jpg'],
  complaints: [{ by: 'files of library', expected: true, said: 'fail: 1 difference', named: ['upload/a|b.jpg'] }],
  verdict: 'fail',
  exitCode: 1,
  startedAt: '2026-11-21T12:00:00.000Z',
  seconds: 5,
  run: '/runs/a',
};
const MISSED: SabotageCell = {
  ...CELL,
  path: 'tar',
  outcome: 'missed',
  why: 'the run passed',
  complaints: [],
  verdict: 'pass',
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-sabotage-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function resultWith(cells: readonly SabotageCell[]): SabotageResult {
  const missed = cells.filter(({ outcome }) => outcome === 'missed');
  const caught = cells.length - missed.length;
  return {
    schemaVersion: 1,
    id: 'sabotage-1',
    drill: 'immich-full',
    substrate: 'local',
    startedAt: CELL.startedAt,
    endedAt: '2026-11-21T12:01:00.000Z',
    seconds: 60,
    folder,
    shard: '',
    exitCode: missed.length > 0 ? 1 : 0,
    total: cells.length,
    caught,
    missed,
    falseAlarms: [],
    notApplicable: [{ sabotage: 'photo-bit-rot', component: 'library', path: 's3-sync', why: 'no reason' }],
    waiting: [{ sabotage: 'old-timeline', summary: 'It ends too early.', waitsFor: 'CloudNativePG' }],
    killScore: cells.length === 0 ? null : (100 * caught) / cells.length,
    cells,
    healthy: [
      {
        component: 'library',
        path: 'restic',
        repeat: 1,
        passed: true,
        why: '',
        startedAt: CELL.startedAt,
        seconds: 5,
        run: '/runs/b',
      },
    ],
    columns: ['restic', 's3-sync', 'tar'].map((path) => ({ component: 'library', path })),
  };
}

it('Markdown shows who caught what, what got through, what does not apply and what waits', () => {
  const text = renderSabotageMarkdown(resultWith([CELL, MISSED]));
  expect(text).toContain('❌ FAIL');
  expect(text).toContain('| `photo-bit-rot` | ✓ | · | **MISSED** | files of library |');
  expect(text).toContain('`photo-bit-rot`, library by tar: the run passed');
  expect(text).toContain('It waits for CloudNativePG.');
});

it('HTML loads nothing, escapes what it shows, and has the evidence of each catch', () => {
  const page = renderSabotageHtml(resultWith([CELL, MISSED]));
  expect(page).toContain("default-src 'none'");
  expect(page).toContain('upload/a|b.jpg');
  expect(page).toContain('files of library: fail: 1 difference');
  expect(renderSabotageHtml(resultWith([{ ...CELL, harmed: ['<script>'] }]))).not.toContain('<script>');
});

it('Allure has one test a cell and a healthy twin: what was caught has passed, with its evidence', async () => {
  await allure.write(resultWith([CELL, MISSED]));
  const results = join(folder, 'allure-results');
  const tests = readdirSync(results).map((name) => JSON.parse(readFileSync(join(results, name), 'utf8')));
  expect(tests.map(({ name, status }) => `${name}: ${status}`).toSorted()).toEqual([
    'healthy, repeat 1 (library by restic): passed',
    'photo-bit-rot (library by restic): passed',
    'photo-bit-rot (library by tar): failed',
  ]);
  expect(tests.find(({ status }) => status === 'failed').statusDetails.message).toContain('the run passed');
  expect(tests.find(({ name }) => name === 'photo-bit-rot (library by restic)').statusDetails.message).toContain(
    'files of library',
  );
});

it('the badge is green only when all is caught, and never rounds up', async () => {
  await badge.write(resultWith([CELL]));
  expect(JSON.parse(readFileSync(join(folder, 'badge.json'), 'utf8'))).toMatchObject({
    message: '100 %',
    color: 'brightgreen',
  });
  await badge.write(resultWith([CELL, MISSED]));
  expect(JSON.parse(readFileSync(join(folder, 'badge.json'), 'utf8'))).toMatchObject({ message: '50 %', color: 'red' });
  expect(formatScore(99.99)).toBe('99.9 %');
});

it('metrics have the score of the whole and of each path that was run', () => {
  const text = renderSabotageMetrics(resultWith([CELL, MISSED]));
  expect(text).toContain('restore_drill_sabotage_kill_score_ratio{drill="immich-full",substrate="local"} 0.5');
  expect(text).toContain('component="library",path="tar"} 0');
  expect(text).not.toContain('path="s3-sync"');
  expect(renderSabotageMetrics(resultWith([]))).not.toContain('kill_score_ratio');
});
