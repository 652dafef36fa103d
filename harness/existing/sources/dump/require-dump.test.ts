import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DrillError } from '../../../model/error.ts';
import { requireDump } from './require-dump.ts';
import { sizeInWords } from './size-in-words.ts';

const SQL = '--\n-- PostgreSQL database dump\n--\n';

function said(head: Uint8Array): { readonly what: string; readonly blame: string } | undefined {
  try {
    requireDump(head, 'photos.sql.gz');
    return undefined;
  } catch (error) {
    if (!(error instanceof DrillError)) throw error;
    return { what: error.what, blame: error.blame };
  }
}

function gpg(...args: string[]): Uint8Array {
  const home = mkdtempSync(join(tmpdir(), 'gpg-'));
  try {
    const all = [
      '--homedir',
      home,
      '--batch',
      '--quiet',
      '--passphrase',
      'x',
      '--pinentry-mode',
      'loopback',
      '--s2k-count',
      '65536',
      ...args,
    ];
    return execFileSync('gpg', [...all, '--symmetric', '--output', '-'], { input: SQL, stdio: 'pipe' });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

it('names GnuPG, by what it really writes', () => {
  for (const head of [gpg(), gpg('--armor')])
    expect(said(head)).toEqual({
      what: 'photos.sql.gz is encrypted with GnuPG: nothing here can look into it.',
      blame: 'environment',
    });
});

it.each([
  ['GnuPG, for a key of RSA', Buffer.from([0x85, 0x01, 0x0c, 0x03, 1, 2]), 'encrypted with GnuPG'],
  ['GnuPG, for a key of a curve', Buffer.from([0x84, 0x5e, 0x03, 1, 2]), 'encrypted with GnuPG'],
  ['GnuPG, in the new form', Buffer.from([0xc1, 0xc0, 0x4c, 0x03, 1]), 'encrypted with GnuPG'],
  ['age', Buffer.from('age-encryption.org/v1\n-> X25519 abc'), 'encrypted with age'],
  ['age, armored', Buffer.from('-----BEGIN AGE ENCRYPTED FILE-----\n'), 'encrypted with age'],
  ['OpenSSL', Buffer.from('Salted__12345678'), 'encrypted with OpenSSL'],
  ['ZIP', Buffer.from('PK\u0003\u0004'), 'ZIP archive'],
  ['tar', Buffer.concat([Buffer.alloc(257), Buffer.from('ustar\u0000')]), 'tar archive'],
])('names %s, which proves nothing about the backup', (_, head, expected) => {
  expect(said(head)).toEqual({ what: expect.stringContaining(expected), blame: 'environment' });
});

it.each([
  ['with its mark', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(SQL, 'utf16le')])],
  ['without', Buffer.from(SQL, 'utf16le')],
  ['the other way round', Buffer.from(SQL, 'utf16le').swap16()],
])('names UTF-16 %s, which no psql can read', (_, head) => {
  expect(said(head)).toEqual({ what: expect.stringContaining('UTF-16'), blame: 'backup' });
});

it.each([SQL, 'PGDMP', '', 'SELECT 1;', '\\connect x', '\u00e4'])('lets %j pass', (text) => {
  expect(said(Buffer.from(text))).toBeUndefined();
});

it('writes sizes for people', () => {
  expect([0, 999, 49_152, 1_300_000_000].map(sizeInWords)).toEqual(['0 bytes', '999 bytes', '48 KiB', '1.2 GiB']);
});
