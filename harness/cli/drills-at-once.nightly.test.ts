import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { drillsAtOnce } from './testing/drills-at-once.ts';
import { otherAccount } from './testing/other-account.ts';

const DRILLS = 10;
const ROUNDS = 3;
const ALL_BUDGET_MS = 3_600_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-many-'));
  // Servers that run under another account must be able to walk through.
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
  'ten drills at once, of two accounts where there are two, round %i',
  { timeout: ALL_BUDGET_MS },
  async () => {
    mkdirSync(join(folder, 'home'));
    const other = await otherAccount(join(folder, 'home'));
    const { ended, cleaned, left } = await drillsAtOnce(folder, DRILLS, typeof other === 'string' ? undefined : other);
    for (const one of ended) expect(one, one.stderr).toMatchObject({ exitCode: 0, verdict: 'pass' });
    for (const one of cleaned)
      expect(one).toMatchObject({ exitCode: 0, stdout: expect.not.stringMatching(/ removed/) });
    expect(left).toEqual([]);
  },
);
