import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { refuseToWriteInto } from './refuse-to-write-into.ts';

it('refuses folders inside of a backup, also by another name and before they are there', () => {
  const root = mkdtempSync(join(tmpdir(), 'drill-test-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'backup/deep'), { recursive: true });
  mkdirSync(join(root, 'backup-of-something-else'));
  symlinkSync(join(root, 'backup'), join(root, 'link'));
  const refuse = (folder: string) => () => refuseToWriteInto([join(root, 'backup')], [join(root, folder)]);
  for (const folder of ['backup', 'backup/deep', 'backup/new/runs', 'link/deep', 'link/new'])
    expect(refuse(folder)).toThrow(/lies inside of the backup/);
  for (const folder of ['.', 'backup-of-something-else', 'runs']) expect(refuse(folder)).not.toThrow();
});
