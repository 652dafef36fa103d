import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { drillsAtOnce } from './testing/drills-at-once.ts';
import { otherAccount } from './testing/other-account.ts';

const DRILLS = 4;
const ALL_BUDGET_MS = 600_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-many-'));
  // Servers that run under another account must be able to walk through.
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('drills at once, swept and cleaned by each other, all pass and leave nothing', {
  timeout: ALL_BUDGET_MS,
}, async () => {
  const { ended, cleaned, left } = await drillsAtOnce(folder, DRILLS, undefined);
  for (const one of ended) expect(one, one.stderr).toMatchObject({ exitCode: 0, verdict: 'pass' });
  for (const one of cleaned) expect(one).toMatchObject({ exitCode: 0, stdout: expect.not.stringMatching(/ removed/) });
  expect(left).toEqual([]);
});

it('drills of two accounts leave each other alone, and say so', { timeout: ALL_BUDGET_MS }, async (ctx) => {
  mkdirSync(join(folder, 'home'));
  const other = await otherAccount(join(folder, 'home'));
  if (typeof other === 'string') return ctx.skip(other);
  const { ended, cleaned, left } = await drillsAtOnce(folder, DRILLS, other);
  for (const one of ended) expect(one, one.stderr).toMatchObject({ exitCode: 0, verdict: 'pass' });
  for (const one of cleaned) expect(one).toMatchObject({ exitCode: 0, stdout: expect.not.stringMatching(/ removed/) });
  expect(cleaned.map(({ stdout }) => stdout).join('')).toMatch(/was left alone: it belongs to the account/);
  expect(left).toEqual([]);
});
