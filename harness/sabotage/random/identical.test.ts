import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { differences } from './identical.ts';

const PHOTO = { path: 'a.jpg', type: 'file', sha256: '1', mode: 0o600 };
const LIVE = { path: 'live.jpg', type: 'file', sha256: '2' };
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-identical-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function list(moment: string, kind: string, ...items: object[]): void {
  const file = join(folder, 'evidence', moment, 'it', `${kind}.ndjson`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
}

it('finds nothing where all is the same but for modes, folders and what users wrote', () => {
  writeFileSync(join(folder, 'ledger.jsonl'), `${JSON.stringify({ marks: [{ component: 'it', key: LIVE.path }] })}\n`);
  list('before', 'files', PHOTO, { path: 'empty', type: 'directory', sha256: '' });
  list('after', 'files', { ...PHOTO, mode: 0o644 }, LIVE);
  expect(differences(folder, 'it')).toEqual([]);
});

it('names what is missing, changed, new, there twice, or was not looked at', () => {
  const row = { table: 'tag', key: '1', digest: 'x' };
  list('before', 'files', PHOTO, { ...PHOTO, path: 'b.jpg' });
  list('after', 'files', { ...PHOTO, sha256: '3' }, { ...PHOTO, path: 'c.jpg' });
  list('before', 'rows', row);
  list('after', 'rows', row, row);
  list('before', 'keys', { key: 'k', type: 'string', digest: 'x' });
  expect(differences(folder, 'it')).toEqual([
    'files: a.jpg',
    'files: b.jpg',
    'files: c.jpg',
    'rows: tag/1',
    'keys: not observed after the restore',
  ]);
});

it('is no proof when nothing was recorded', () => {
  expect(differences(folder, 'it')).toEqual(['nothing was recorded before the backup']);
});
