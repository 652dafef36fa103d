import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { GUARDED_VARIABLE } from './guarded-run.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'drill-guard-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A guardian whose harness is gone before it has said a word. */
async function guardFor(folder: string): Promise<void> {
  const guarded = [{ runId: 'a1', folder, making: join(root, '.run') }];
  const env = { [GUARDED_VARIABLE]: JSON.stringify(guarded) };
  const guard = execa(process.execPath, [join(import.meta.dirname, 'guard.ts')], { env, input: '' });
  guard.stdout.destroy();
  await guard;
}

it('a guardian knows its run although the harness died before it told it of any', async () => {
  const folder = join(root, 'run');
  mkdirSync(join(folder, 'postgres'), { recursive: true });
  mkdirSync(join(root, '.run'));
  mkdirSync(join(root, 'other'));
  await guardFor(folder);
  expect(existsSync(folder)).toBe(false);
  expect(existsSync(join(root, '.run'))).toBe(false);
  expect(existsSync(join(root, 'other'))).toBe(true);
});
