import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Kill, killAtRandom, VICTIMS } from './testing/random-kills.ts';

const KILLS = Number(process.env.DRILL_KILLS ?? 300);
const AT_ONCE = 4;
const ALL_BUDGET_MS = 4 * 3_600_000;

const folder = mkdtempSync(join(tmpdir(), 'drill-kills-'));
// Servers that run under another account must be able to walk through.
chmodSync(folder, 0o711);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One line, so that a night that was cut short tells of what it has seen, too. */
function tell({ victim, afterMs, ended, verdict, cleanMs, left, wrong }: Kill): void {
  const what = [...left, ...wrong];
  process.stdout.write(
    `${victim} after ${afterMs} ms: ended ${ended}, verdict ${verdict ?? 'none'}, clean in ${cleanMs} ms${what.length > 0 ? `, WRONG: ${what.join(' | ')}` : ''}\n`,
  );
}

it(`${KILLS} kills at random, ${AT_ONCE} drills at once`, { timeout: ALL_BUDGET_MS }, async () => {
  const seed = Number(process.env.DRILL_SEED ?? Date.now() % 1_000_000);
  process.stdout.write(`DRILL_SEED=${seed}\n`);
  const kills = await killAtRandom({ seed, kills: KILLS, atOnce: AT_ONCE, folder, onKill: tell });
  for (const victim of VICTIMS) {
    const met = kills.filter((one) => one.victim === victim);
    const longest = Math.max(0, ...met.map(({ cleanMs }) => cleanMs));
    process.stdout.write(`${victim}: ${met.length} kills, clean after ${longest} ms at most\n`);
  }
  expect(kills.filter(({ left, wrong }) => left.length > 0 || wrong.length > 0)).toEqual([]);
});
