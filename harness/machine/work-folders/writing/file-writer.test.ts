import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileWriter } from './file-writer.ts';

const writer = new FileWriter();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-writer-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('does what it is told in that order, with the bytes as they were then', async () => {
  const file = join(folder, 'a/b/photo.jpg');
  const bytes = Buffer.from('first');
  const writes = [writer.write(file, bytes, { mode: 0o600 })];
  bytes.write('later');
  writes.push(writer.touch(`${join(folder, 'a/b')}/`, { mode: 0o750 }), writer.touch(file, { mtimeMs: 1_000 }));
  await Promise.all(writes);
  expect(readFileSync(file, 'utf8')).toBe('first');
  expect(bytes.toString()).toBe('later');
  expect(statSync(file)).toMatchObject({ mode: 0o100600, mtimeMs: 1_000 });
  expect(statSync(join(folder, 'a/b')).mode & 0o777).toBe(0o750);
  await Promise.all([writer.remove(join(folder, 'a')), writer.write(join(folder, 'a'), bytes, {})]);
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('later');
});

it('removes what is there, and does not mind what is not', async () => {
  await writer.write(join(folder, 'deep/er/file'), Buffer.from('x'), {});
  await writer.remove(join(folder, 'deep'));
  await writer.remove(join(folder, 'nothing'));
  expect(existsSync(join(folder, 'deep'))).toBe(false);
});

it('gives each error to the write that it belongs to, with its code', async () => {
  writeFileSync(join(folder, 'file'), 'no folder');
  const [bad, good] = await Promise.allSettled([
    writer.write(join(folder, 'file/below'), Buffer.from('x'), {}),
    writer.write(join(folder, 'good'), Buffer.from('y'), {}),
  ]);
  expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'ENOTDIR' } });
  expect(good.status).toBe('fulfilled');
  expect(readFileSync(join(folder, 'good'), 'utf8')).toBe('y');
});
