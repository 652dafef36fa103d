import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { programFolders } from './program-folders.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'drill-programs-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const made = (path: string): string => {
  const full = join(home, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, '');
  return full;
};
const seen = (path: string): string[] => programFolders([path]).map((folder) => folder.path);

it('shows nothing more of what lies in the folders of the system', () => {
  expect(seen('/usr/bin/env')).toEqual([]);
});

it('shows the libraries and data beside bin, a program by itself alone, and all of a manager of tools', () => {
  expect(seen(made('pg/bin/psql'))).toEqual([join(home, 'pg')]);
  expect(seen(made('restic'))).toEqual([join(home, 'restic')]);
  expect(seen(made('.pyenv/shims/aws'))).toEqual([join(home, '.pyenv')]);
});

it('follows a link to where the program really is', () => {
  const real = made('venv/bin/aws');
  symlinkSync(real, join(home, 'aws'));
  expect(seen(join(home, 'aws'))).toEqual([join(home, 'aws'), join(home, 'venv')]);
});
