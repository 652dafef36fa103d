import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalForTest, openLocalForTest } from '../../substrates/local/testing/open-local.ts';
import { restoreDump } from './testing/restore-dump.ts';

const SQL = `--
-- PostgreSQL database dump
--

-- Dumped from database version 15.18 (Debian)
-- Dumped by pg_dump version 17.11

CREATE TABLE public.t (id integer NOT NULL, text text);
COPY public.t (id, text) FROM stdin;
1\ta
2\tb
\\.

--
-- PostgreSQL database dump complete
--
`;

let local: LocalForTest;
let count = 0;
beforeAll(async () => {
  local = await openLocalForTest();
});
afterAll(async () => await local?.[Symbol.asyncDispose]());

/** A folder with those files, of one day after the other. */
function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  count += 1;
  const folder = join(local.folder, `dumps-${count}`);
  Object.entries(files).forEach(([name, content], index) => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
    const time = new Date(Date.UTC(2026, 10, 20 + index));
    utimesSync(join(folder, name), time, time);
  });
  return folder;
}

async function restored(folder: string, pattern = '*') {
  return await restoreDump(local, { file: join(folder, pattern) });
}

function sha(bytes: string | Uint8Array, algorithm = 'sha256'): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

describe('a dump with its own sums', () => {
  const packed = gzipSync(SQL);

  it.each([
    ['a list of its own', 'photos.sql.gz.sha256', `${sha(packed)}  photos.sql.gz\n`],
    ['MD5', 'photos.sql.gz.md5', `${sha(packed, 'md5')}  /backup/photos.sql.gz\n`],
    ['a list of all', 'SHA256SUMS', `${'0'.repeat(64)}  older.sql.gz\n${sha(packed)} *photos.sql.gz\n`],
  ])('is compared with %s', async (_, list, text) => {
    const { receipt } = await restored(folderWith({ 'photos.sql.gz': packed, [list]: text }));
    expect(receipt.details).toMatchObject({ checksums: list, verified: true });
  });

  it('that speak of others, or without any, is told to be not verified', async () => {
    const list = `${'0'.repeat(64)}  older.sql.gz\n`;
    const { receipt } = await restored(folderWith({ 'photos.sql.gz': packed, SHA256SUMS: list }));
    expect(receipt.details).toMatchObject({ checksums: 'SHA256SUMS', verified: false });
    const bare = await restored(folderWith({ 'photos.sql.gz': packed }));
    expect(bare.receipt.details).toMatchObject({ checksums: 'none', verified: false });
  });

  it.each([
    ['sha256', 'photos.sql.gz.sha256', '0'.repeat(64)],
    ['sha1', 'photos.sql.gz.sha1', '0'.repeat(40)],
    ['md5', 'MD5SUMS', '0'.repeat(32)],
  ])('that are others is refused by its name: %s', async (_, list, digest) => {
    const folder = folderWith({ 'photos.sql.gz': packed, [list]: `${digest}  photos.sql.gz\n` });
    await expect(restored(folder)).rejects.toMatchObject({
      code: 'checksum-mismatch',
      blame: 'backup',
      what: expect.stringContaining(`photos.sql.gz has another sum than ${list}`),
    });
  });

  it('is compared file by file where it is a folder', async () => {
    const files = { 'd/toc.dat': 'PGDMP', 'd/1.dat.gz': 'rows' };
    const sums = (rows: string) => `${sha('PGDMP')}  ./toc.dat\n${sha(rows)}  ./1.dat.gz\n`;
    const other = folderWith({ ...files, 'd/SHA256SUMS': sums('other') });
    await expect(restored(other)).rejects.toMatchObject({
      code: 'checksum-mismatch',
      blame: 'backup',
      what: expect.stringContaining('d/1.dat.gz has another sum than d/SHA256SUMS'),
    });
    const beside = folderWith({ ...files, SHA256SUMS: `${'0'.repeat(64)}  d/toc.dat\n` });
    await expect(restored(beside)).rejects.toMatchObject({ what: expect.stringContaining('d/toc.dat has another') });
    const missing = folderWith({ 'd/toc.dat': 'PGDMP', 'd/SHA256SUMS': sums('rows') });
    await expect(restored(missing)).rejects.toMatchObject({ what: expect.stringContaining('d/1.dat.gz is not there') });
    // It is as its sums say; that it is no archive is told after that.
    await expect(restored(folderWith({ ...files, 'd/SHA256SUMS': sums('rows') }))).rejects.toMatchObject({
      code: 'dump-unreadable',
    });
  });
});

describe('what is no dump as it lies there', () => {
  it('is told by its size and by what came before', async () => {
    const before = Buffer.alloc(48 * 1024, 'x');
    const folder = folderWith({ 'photos-20261121.sql.gz': before, 'photos-20261122.sql.gz': '' });
    await expect(restored(folder)).rejects.toMatchObject({
      blame: 'backup',
      what: 'photos-20261122.sql.gz is 0 bytes, the newest of 2; the one before is photos-20261121.sql.gz of 48 KiB.',
    });
    const packed = folderWith({ 'photos.sql.gz': gzipSync('') });
    await expect(restored(packed)).rejects.toMatchObject({
      blame: 'backup',
      what: expect.stringContaining('photos.sql.gz unpacks to nothing at all'),
    });
  });

  it('is told by what encrypted it', async () => {
    const folder = folderWith({ 'photos.sql.age': 'age-encryption.org/v1\n-> X25519 abc\n' });
    await expect(restored(folder)).rejects.toMatchObject({ code: 'dump-encrypted', blame: 'environment' });
    const packed = folderWith({ 'photos.sql.gz': gzipSync('-----BEGIN PGP MESSAGE-----\n') });
    await expect(restored(packed)).rejects.toMatchObject({ code: 'dump-encrypted', blame: 'environment' });
  });

  it('is told by its encoding', async () => {
    const folder = folderWith({ 'photos.sql': Buffer.from(`\ufeff${SQL}`, 'utf16le') });
    await expect(restored(folder)).rejects.toMatchObject({ code: 'dump-utf-16', blame: 'backup' });
  });
});

it.each(['zstd', 'xz', 'bzip2', 'gzip'])('a dump that %s has packed is unpacked, whatever its name', async (packer) => {
  const folder = folderWith({ 'photos.sql': SQL });
  await execa(packer, ['--quiet', join(folder, 'photos.sql')]);
  const [name = ''] = readdirSync(folder).filter((one) => one !== 'photos.sql');
  const packed = readFileSync(join(folder, name));
  const { database } = await restored(folderWith({ dump: packed }));
  expect(await database.query('SELECT id FROM t ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  const cut = folderWith({ dump: packed.subarray(0, packed.length - 9) });
  await expect(restored(cut)).rejects.toMatchObject({ blame: 'backup' });
});
