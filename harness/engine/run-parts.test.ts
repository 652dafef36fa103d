import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DrillError } from '../model/error.ts';
import { Secret } from '../model/secret.ts';
import { describeFailure } from './failure.ts';
import { DAMAGED, damagedLines, Journal, readJournal } from './journal.ts';
import { plainSecretsOf } from './leaks.ts';
import { Ledger } from './ledger.ts';
import { RunFolder } from './run-folder.ts';
import { makeRunId } from './run-id.ts';
import { Scope } from './scope.ts';
import { SecretStore } from './secret-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-run-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('Journal', () => {
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
});

describe('a journal', () => {
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

describe('SecretStore', () => {
  it('masks every form of a secret: by the line, in JSON, in an address, in base64', () => {
    const store = new SecretStore();
    const value = 'first "line" of it\nsecond/line of it';
    store.add(new Secret('given', value));
    const shown = ['', 'a', 'ab'].map((before) => Buffer.from(`${before}${value}`).toString('base64'));
    for (const text of [value, ...value.split('\n'), JSON.stringify(value), encodeURIComponent(value), ...shown])
      expect(store.mask(text)).not.toMatch(/line|bGluZ|xpbm|saW5l/);
  });

  it('masks two secrets that have the same name', () => {
    const store = new SecretStore();
    for (const value of ['one-password', 'other-password']) store.add(new Secret('restic-password', value));
    expect(store.mask('one-password other-password')).toBe('*** ***');
  });
});

describe('Scope', () => {
  it('undoes in reverse order, keeps every error, and goes on after one that hangs', async () => {
    const order: string[] = [];
    const scope = new Scope(50);
    scope.add('first', async () => void order.push('first'));
    scope.add('broken', async () => {
      throw new Error('no');
    });
    scope.add('hangs', () => new Promise(() => {}));
    scope.add('last', async () => void order.push('last'));
    const errors = await scope.dispose();
    expect(order).toEqual(['last', 'first']);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('hangs'),
      expect.stringContaining('broken'),
    ]);
    expect(await scope.dispose()).toEqual([]);
  });
});

describe('Ledger', () => {
  const write = async (sequence: number) => [{ component: 'library', key: `file-${sequence}` }];

  it('notes each write on the disk once it is safe, and stops after the one under way', async () => {
    const file = join(folder, 'ledger.jsonl');
    const ledger = Ledger.start(file, write);
    await ledger.grow(2);
    await ledger.stop();
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { sequence: number });
    expect(lines).toEqual(JSON.parse(JSON.stringify(ledger.entries)));
    expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map((_, i) => i + 1));
    const count = ledger.entries.length;
    await delay(400);
    expect(ledger.entries.length).toBe(count);
  });

  it('writes nothing while it is quiesced', async () => {
    const ledger = Ledger.start(join(folder, 'ledger.jsonl'), write);
    await ledger.grow(1);
    await ledger.quiesced(async () => {
      const count = ledger.entries.length;
      await delay(600);
      expect(ledger.entries.length).toBe(count);
    });
    await ledger.grow(1);
    await ledger.stop();
  });

  it('passes on the error that ended it, to whoever waits and to whoever stops it', async () => {
    const ledger = Ledger.start(join(folder, 'ledger.jsonl'), async () => {
      throw new Error('database gone');
    });
    await expect(ledger.grow(1)).rejects.toThrow('database gone');
    await expect(ledger.stop()).rejects.toThrow('database gone');
    await ledger.abandon();
  });
});

describe('RunFolder', () => {
  it('gives a list only when it was written to its end', async () => {
    const run = await RunFolder.create(folder);
    async function* broken() {
      yield { label: 'a', count: 1 };
      throw new Error('cut');
    }
    await expect(run.record('after', 'database', 'inventory', broken())).rejects.toThrow('cut');
    expect(run.list('after', 'database', 'inventory')).toBeUndefined();
    expect(await run.record('after', 'database', 'inventory', [{ label: 'a', count: 1 }])).toBe(1);
    expect(await Array.fromAsync(run.list('after', 'database', 'inventory') ?? [])).toEqual([{ label: 'a', count: 1 }]);
  });
});

describe('describeFailure', () => {
  it.each([
    'ECONNREFUSED',
    'ECONNRESET',
    '57P01',
    '57P02',
    '57P03',
    '08006',
    '53100',
    '53200',
    '53300',
    'ENOSPC',
    'EROFS',
  ])('puts %s down to the surroundings, also as a cause of something else', (code) => {
    const error = Object.assign(new Error('said'), { code });
    for (const one of [error, new Error('outer', { cause: error })])
      expect(describeFailure(one, { phase: 'observe', casualties: [], interrupted: false }).verdict).toBe('unknown');
  });

  it('puts a connection that was cut without a code down to the surroundings, and a bug to the harness', () => {
    const told = (error: Error) => describeFailure(error, { phase: 'observe', casualties: [], interrupted: false });
    expect(told(new Error('Connection terminated unexpectedly'))).toMatchObject({ verdict: 'unknown' });
    expect(told(new TypeError('x is not a function'))).toMatchObject({ verdict: 'harness', code: 'harness-error' });
  });

  const backup = new DrillError({
    code: 'job-failed',
    where: 'job/x',
    what: 'restic ended.',
    next: 'look.',
    blame: 'backup',
  });

  it('makes a failing tool a fail, unless a server had died under it or somebody interrupted', () => {
    const circumstances = { phase: 'backup', casualties: [], interrupted: false } as const;
    expect(describeFailure(backup, circumstances).verdict).toBe('fail');
    expect(describeFailure(backup, { ...circumstances, casualties: ['versitygw ended by SIGKILL'] })).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining('versitygw ended by SIGKILL'),
    });
    expect(describeFailure(backup, { ...circumstances, interrupted: true }).verdict).toBe('interrupted');
  });

  it('blames the disk for a full disk, and the harness for what nobody foresaw', () => {
    const circumstances = { phase: 'seed', casualties: [], interrupted: false } as const;
    expect(describeFailure(Object.assign(new Error('x'), { code: 'ENOSPC' }), circumstances)).toMatchObject({
      code: 'disk-full',
      verdict: 'unknown',
    });
    expect(describeFailure(new TypeError('x is not a function'), circumstances).verdict).toBe('harness');
  });
});

describe('plainSecretsOf', () => {
  it('finds the values of Secrets only, decoded, and passes over words', () => {
    const encoded = Buffer.from('decoded-password-1').toString('base64');
    const yaml = `kind: ConfigMap\ndata:\n  a: not-a-secret-value\n---\nkind: Secret\nstringData:\n  p: plain-password-1\n  u: photos\ndata:\n  q: ${encoded}\n`;
    expect(plainSecretsOf(yaml)).toEqual([
      { name: 'p', value: 'plain-password-1' },
      { name: 'q', value: 'decoded-password-1' },
    ]);
  });
});

describe('makeRunId', () => {
  it('sorts by time and is safe as a name of folders and objects', () => {
    expect(makeRunId('photos-full', new Date('2026-11-21T09:30:05Z'))).toMatch(
      /^photos-full-20261121-093005-[0-9a-f]{4}$/,
    );
  });
});
