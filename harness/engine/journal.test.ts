import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../model/secret.ts';
import { DAMAGED, damagedLines, Journal, readJournal } from './journal.ts';
import { SecretStore } from './secret-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-run-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a journal', () => {
  it('is on the disk line by line, masked, and readable when its last line was cut', () => {
    const store = new SecretStore();
    const secret = store.add(new Secret('token', 'very-secret-value'));
    const file = join(folder, 'journal.jsonl');
    using journal = new Journal(file, (text) => store.mask(text));
    journal.write('one', { token: secret.reveal(), n: 1 });
    expect(readFileSync(file, 'utf8')).toContain('"token":"***"');
    appendFileSync(file, '{"at":"2026","event":"cu');
    expect(readJournal(file).map(({ event }) => event)).toEqual(['one']);
  });

  it('stays readable whatever a secret looks like, and tells none in any form', () => {
    const store = new SecretStore();
    for (const value of ['pass"word\\x', '12345', '-----BEGIN\nline-of-a-key\n-----END'])
      store.add(new Secret('given', value));
    const file = join(folder, 'journal.jsonl');
    using journal = new Journal(file, (text) => store.mask(text));
    journal.write('said', { text: 'a pass"word\\x b', pid: 12345, lines: ['line-of-a-key'], 'pass"word\\x': 1 });
    expect(readJournal(file)).toMatchObject([{ text: 'a *** b', pid: 12345, lines: ['***'], '***': 1 }]);
    expect(readFileSync(file, 'utf8')).not.toMatch(/word|line-of/);
  });

  it('says where lines of it are damaged, and how many', () => {
    const file = join(folder, 'journal.jsonl');
    using journal = new Journal(file, (text) => text);
    journal.write('one');
    appendFileSync(file, '{"at":"x","event":"cu\n\u0000\u0000\n17\n');
    journal.write('two');
    expect(readJournal(file)).toMatchObject([{ event: 'one' }, { event: DAMAGED, count: 3 }, { event: 'two' }]);
    expect(damagedLines(readJournal(file))).toBe(3);
  });

  it('that cannot be written breaks nothing, and says so', () => {
    using full = new Journal('/dev/full', (text) => text);
    full.write('one');
    expect(full.trouble).toMatchObject({ code: 'ENOSPC' });
    const file = join(folder, 'journal.jsonl');
    using gone = new Journal(file, (text) => text);
    expect(gone.trouble).toBeUndefined();
    rmSync(file);
    gone.write('one');
    expect(gone.trouble).toMatchObject({ code: 'ENOENT' });
  });
});
