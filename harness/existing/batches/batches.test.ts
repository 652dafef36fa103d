import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { JournalLine } from '../../engine/journal.ts';
import { writeLines } from '../../engine/run-folder.ts';
import { BATCH, finishedBatches, JOINED, takeOver } from './batch-records.ts';
import { DiskBudget } from './disk-budget.ts';
import { digestOf, joinFiles } from './evidence-file.ts';
import { firstDifference } from './same-backup.ts';

const folder = mkdtempSync(join(tmpdir(), 'drill-batches-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...parts: string[]) => join(folder, ...parts);

async function noted(number: number, event = BATCH): Promise<JournalLine> {
  const file = `run/${event}-${number}.ndjson`;
  mkdirSync(dirname(at(file)), { recursive: true });
  const files = await writeLines(at(file), [{ path: `${number}/a` }, { path: `${number}/b` }]);
  const { sha256 } = await digestOf(at(file));
  return { at: '', event, number, listed: 3, files, last: `${number}/b`, file, sha256 };
}

it('takes over batches from the first without a gap, and only those whose evidence is what it was', async () => {
  const journal = [await noted(1), await noted(2), await noted(3), await noted(4)];
  expect((await finishedBatches(folder, journal)).map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  appendFileSync(at('run/batch-3.ndjson'), '{}\n');
  expect((await finishedBatches(folder, journal)).map(({ number }) => number)).toEqual([1, 2]);
  rmSync(at('run/batch-1.ndjson'));
  expect(await finishedBatches(folder, journal)).toEqual([]);
  const joined = await noted(1, JOINED);
  expect(await finishedBatches(folder, [...journal, joined])).toMatchObject([{ number: 1, listed: 3, files: 2 }]);
});

it('copies the evidence that it takes over, and puts all of it together', async () => {
  const [record] = await finishedBatches(folder, [await noted(1)]);
  if (!record) throw new Error('no batch');
  const taken = await takeOver(record, folder, at('other'), 'after/batches/0001.ndjson');
  expect(taken).toEqual({ ...record, file: 'after/batches/0001.ndjson', at: undefined, event: undefined });
  const second = at((await noted(2)).file as string);
  await joinFiles([at('other', taken.file), second], at('files.ndjson'));
  expect(readFileSync(at('files.ndjson'), 'utf8')).toBe(
    '{"path":"1/a"}\n{"path":"1/b"}\n{"path":"2/a"}\n{"path":"2/b"}\n',
  );
});

it.each([
  ['a file that is gone', 'a b c', 'a c', 'b is gone'],
  ['the last one', 'a b', 'a', 'b is gone'],
  ['a file that is new', 'a c', 'a b c', 'b is new'],
  ['one after the last', 'a', 'a b', 'b is new'],
])('names %s', async (_, before, now, said) => {
  const write = (name: string, paths: string) =>
    writeLines(
      at(name),
      paths.split(' ').map((path) => ({ path, sizeBytes: 1, modifiedAt: 'then' })),
    );
  await write('before', before);
  await write('now', now);
  expect(await firstDifference(at('before'), at('now'))).toBe(said);
});

it('names a file of other bytes', async () => {
  writeFileSync(at('before'), '{"path":"a","sizeBytes":1,"modifiedAt":"then","version":"x"}\n');
  writeFileSync(at('now'), '{"path":"a","sizeBytes":1,"modifiedAt":"then","version":"y"}\n');
  expect(await firstDifference(at('before'), at('now'))).toMatch(/^a was 1 bytes of then with MD5 x, and is .* y$/);
});

it('says what does not fit, beside what, and what would be enough', () => {
  const budget = new DiskBudget(100 * 1024 ** 2);
  budget.note('the database', 70 * 1024 ** 2);
  budget.require('a file', 30 * 1024 ** 2);
  expect(() => budget.require('a file (x.mp4)', 30 * 1024 ** 2 + 1)).toThrow(
    /100\.0 MiB there is no room for a file \(x\.mp4\): that needs at least 101 MiB \(on the disk: the database 70\.0 MiB\).*--max-disk 111MiB/,
  );
  budget.note('the database', 0);
  expect([budget.roomBytes, budget.largestBytes]).toEqual([100 * 1024 ** 2, 70 * 1024 ** 2]);
});
