import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { killAtRandom } from './testing/random-kills.ts';
import { guardianOf, remainsOf, seenOf } from './testing/run-remains.ts';
import { Workplace } from './testing/workplace.ts';

const LOOK_MS = 50;
/** The nights measure how soon it is; here other tests keep the machine busy. */
const CLEAN_BUDGET_MS = 30_000;
const KILLS = 6;
const ALL_BUDGET_MS = 600_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-kills-'));
  // Servers that run under another account must be able to walk through.
  chmodSync(folder, 0o711);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a drill and waits until it is in that phase. */
async function startedUntil(place: Workplace, phase: string) {
  const child = place.start(['notes'], { detached: true });
  await place.journalUntil(({ event, phase: now }) => event === 'phase-started' && now === phase);
  const harness = child.pid ?? 0;
  const [id = ''] = place.runs();
  const work = join(place.work, `restore-drill-${id}`);
  return { child, harness, id, work, seen: () => seenOf(harness, id, work) };
}

describe('a drill whose harness dies', () => {
  it('has nothing left five seconds later, and nobody had to run gc', async () => {
    using place = new Workplace();
    const run = await startedUntil(place, 'backup');
    const seen = run.seen();
    expect(seen.processes.length).toBeGreaterThan(2);
    expect(seen.sockets.length).toBeGreaterThan(1);
    run.child.kill('SIGKILL');
    await run.child;
    await expect
      .poll(() => remainsOf(seen, run.id, run.work), { timeout: CLEAN_BUDGET_MS, interval: LOOK_MS })
      .toEqual([]);
    expect(place.leftFolders()).toEqual([]);
  });

  it('and whose guardian was killed before has another one by then', async () => {
    using place = new Workplace();
    const run = await startedUntil(place, 'seed');
    const first = guardianOf(run.harness) ?? Number.NaN;
    process.kill(first, 'SIGKILL');
    await expect.poll(() => guardianOf(run.harness), { timeout: CLEAN_BUDGET_MS }).not.toBeOneOf([first, undefined]);
    const seen = run.seen();
    run.child.kill('SIGKILL');
    await run.child;
    await expect
      .poll(() => remainsOf(seen, run.id, run.work), { timeout: CLEAN_BUDGET_MS, interval: LOOK_MS })
      .toEqual([]);
  });

  it('and whose guardian dies with it is swept by the next drill', async () => {
    using place = new Workplace();
    const run = await startedUntil(place, 'backup');
    const guardian = guardianOf(run.harness) ?? Number.NaN;
    process.kill(run.harness, 'SIGSTOP');
    process.kill(guardian, 'SIGKILL');
    process.kill(run.harness, 'SIGKILL');
    await run.child;
    expect(place.leftFolders()).toHaveLength(1);
    using next = new Workplace(place.work);
    const { stderr } = await next.run(['notes']);
    expect(stderr).toMatch(new RegExp(`removed run ${run.id} \\(killed\\)`));
    expect(place.leftFolders()).toEqual([]);
  });
});

it('a guardian that is killed changes nothing for the drill', async () => {
  using place = new Workplace();
  const run = await startedUntil(place, 'backup');
  process.kill(guardianOf(run.harness) ?? Number.NaN, 'SIGKILL');
  expect((await run.child).exitCode).toBe(0);
  expect(place.leftFolders()).toEqual([]);
});

it('kills at random leave nothing behind, no wrong verdict and no stack', { timeout: ALL_BUDGET_MS }, async () => {
  const seed = Number(process.env.DRILL_SEED ?? Date.now() % 1_000_000);
  const kills = await killAtRandom({
    seed,
    kills: KILLS,
    atOnce: 2,
    folder,
    cleanBudgetMs: CLEAN_BUDGET_MS,
    victims: ['harness', 'harness-group', 'harness-sigterm', 'harness-sigint', 'server', 'guardian'],
  });
  expect(
    kills.filter(({ left, wrong }) => left.length > 0 || wrong.length > 0),
    `DRILL_SEED=${seed}`,
  ).toEqual([]);
  expect(kills).toHaveLength(KILLS);
});

it('a work folder that somebody removes in mid-run ends in a result that proves nothing', async () => {
  using place = new Workplace();
  const run = await startedUntil(place, 'backup');
  rmSync(run.work, { recursive: true, force: true });
  const { exitCode, stdout, stderr } = await run.child;
  expect(exitCode, `${stdout}${stderr}`).toBe(2);
  expect(String(stdout).replaceAll(/\s+/g, ' ')).toMatch(/the work folder \S+ was removed by somebody/);
  expect(`${stdout}${stderr}`).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  expect(place.leftProcesses()).toEqual([]);
});
