import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SampleHistory, sampleSummary } from '../samples/history.ts';
import { samples } from '../samples/samples.ts';
import { readEntry } from './entry.ts';
import { openSigner, readPublicKeys } from './signature.ts';
import { verifyHistory } from './verify.ts';

const NIGHTS = [1, 2, 3, 4].map((day) => sampleSummary(new Date(Date.UTC(2026, 2, day, 2))));

async function four(): Promise<SampleHistory> {
  return await new SampleHistory().add(...NIGHTS);
}

async function verified(history: SampleHistory, keys = [] as ReturnType<typeof readPublicKeys>) {
  return verifyHistory(await history.store.read(), keys);
}

function edit(history: SampleHistory, change: (lines: string[]) => string[]): void {
  const lines = readFileSync(history.file, 'utf8').trimEnd().split('\n');
  writeFileSync(history.file, `${change(lines).join('\n')}\n`);
}

describe('the history', () => {
  test('is a chain of what was written', async () => {
    using history = await four();
    const { state, entries, problems } = await verified(history);
    expect({ state, problems }).toEqual({ state: 'whole', problems: [] });
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(entries[3]).toMatchObject(NIGHTS[3] ?? {});
    expect(entries[3]?.previous).toBe(entries[2]?.hash);
  });

  test('is empty when there is none', async () => {
    using history = new SampleHistory();
    expect((await verified(history)).state).toBe('empty');
  });

  test.each(Object.entries(samples))('takes a run such as "%s" and gives it back', async (_kind, result) => {
    using history = await new SampleHistory().add(sampleSummary(new Date(), { result }));
    expect((await verified(history)).state).toBe('whole');
  });

  test('a line is read only letter for letter', async () => {
    using history = await four();
    const [line = ''] = readFileSync(history.file, 'utf8').split('\n');
    expect(readEntry(line)).toBeDefined();
    expect(readEntry(line.replace('{', '{ '))).toBeUndefined();
    expect(readEntry('{"drill":"x"}')).toBeUndefined();
  });
});

describe('tampering shows when', () => {
  const RED = sampleSummary(new Date(Date.UTC(2026, 2, 5, 2)), { result: samples.failed });
  const tamperings: [string, (lines: string[]) => string[], RegExp][] = [
    [
      'a verdict is turned',
      (lines) => lines.map((line) => line.replace('"verdict":"fail"', '"verdict":"pass"')),
      /record 5 was changed/,
    ],
    [
      'a line in the middle is changed',
      ([a = '', ...rest]) => [a.replace('"seconds":39.6', '"seconds":9.6'), ...rest],
      /record 1 was changed/,
    ],
    ['a line is taken out', (lines) => lines.toSpliced(2, 1), /record 3 is missing/],
    ['the first line is taken out', (lines) => lines.slice(1), /record 1 is missing/],
    ['the end is cut off', (lines) => lines.slice(0, -1), /record 5 was written and is not there/],
    ['two lines are swapped', ([a = '', b = '', ...rest]) => [b, a, ...rest], /is missing before record/],
    ['a line is doubled', ([a = '', ...rest]) => [a, a, ...rest], /is missing before record/],
    [
      'a line is overwritten',
      ([a = '', b = '', ...rest]) => [a, 'x'.repeat(b.length), ...rest],
      /does not account for|is missing/,
    ],
    [
      'something that is no record is put in',
      ([a = '', ...rest]) => [a, '{"drill":"immich-full"}', ...rest],
      /it is no record/,
    ],
    ['all of it is emptied', () => [], /record 5 was written/],
  ];
  test.each(tamperings)('%s', async (_what, change, expected) => {
    using history = await (await four()).add(RED);
    edit(history, change);
    const { state, problems } = await verified(history);
    expect(state).toBe('tampered');
    expect(problems.map(({ what }) => what).join('\n')).toMatch(expected);
  });

  test('the head is removed', async () => {
    using history = await four();
    rmSync(join(history.folder, 'history.head.json'));
    expect((await verified(history)).problems).toMatchObject(
      [{ line: 0, what: /head of the history is missing/ }].map(({ line }) => ({ line })),
    );
  });

  test('more runs are added, still, and they are kept', async () => {
    using history = await (await four()).add(RED);
    edit(history, (lines) => lines.slice(0, -1));
    await history.add(sampleSummary(new Date(Date.UTC(2026, 2, 6, 2))));
    const { state, entries } = await verified(history);
    expect({ state, count: entries.length }).toEqual({ state: 'tampered', count: 5 });
  });
});

describe('a record that was cut by kill -9', () => {
  test.each([1, 40, 400])('after %d bytes is reported, and the next record accounts for it', async (bytes) => {
    using history = await four();
    const whole = readFileSync(history.file, 'utf8');
    const [line = ''] = whole.split('\n').slice(-2);
    appendFileSync(history.file, line.slice(0, bytes));
    expect(await verified(history)).toMatchObject({
      state: 'torn',
      problems: [],
      torn: [{ after: 4, bytes, drill: bytes > 30 ? 'immich-full' : null }],
    });
    await history.add(...NIGHTS.slice(0, 1));
    const after = await verified(history);
    expect(after).toMatchObject({ state: 'whole', problems: [], torn: [{ after: 4, bytes }] });
    expect(after.entries[4]?.torn?.bytes).toBe(bytes);
    expect(readFileSync(history.file, 'utf8').startsWith(whole)).toBe(true);
  });

  test('twice in a row is accounted for together', async () => {
    using history = await four();
    appendFileSync(history.file, '{"drill":"a","ru\n{"drill":"b","r');
    await history.add(...NIGHTS.slice(0, 1));
    expect(await verified(history)).toMatchObject({ state: 'whole', problems: [], torn: [{ drill: null }] });
  });

  test('cannot be made up or taken away later', async () => {
    using history = await four();
    appendFileSync(history.file, '{"drill":"a","ru');
    await history.add(...NIGHTS.slice(0, 1));
    edit(history, (lines) => lines.filter((line) => line !== '{"drill":"a","ru'));
    expect((await verified(history)).problems[0]?.what).toMatch(/torn bytes .* are gone/);
  });

  test('but for its newline is a record', async () => {
    using history = await four();
    writeFileSync(history.file, readFileSync(history.file, 'utf8').trimEnd());
    expect((await verified(history)).state).toBe('whole');
    await history.add(...NIGHTS.slice(0, 1));
    expect(await verified(history)).toMatchObject({ state: 'whole', torn: [] });
  });

  test('before its head was written is no tampering', async () => {
    using history = await new SampleHistory().add(...NIGHTS.slice(0, 2));
    const head = readFileSync(join(history.folder, 'history.head.json'));
    await history.add(...NIGHTS.slice(2));
    writeFileSync(join(history.folder, 'history.head.json'), head);
    expect((await verified(history)).state).toBe('whole');
  });
});

describe('signatures', () => {
  function keys(folder: string, name: string) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const files = { secret: join(folder, `${name}.pem`), open: join(folder, `${name}.pub`) };
    writeFileSync(files.secret, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(files.open, publicKey.export({ type: 'spki', format: 'pem' }));
    return files;
  }

  test('are verified, vouch for what lies before them, and a forger without the key is caught', async () => {
    using place = new SampleHistory();
    const mine = keys(place.folder, 'mine');
    const theirs = keys(place.folder, 'theirs');
    await place.add(...NIGHTS.slice(0, 1));
    using signed = await new SampleHistory(openSigner(mine.secret)).add(...NIGHTS);
    expect(await verified(signed, readPublicKeys(mine.open))).toMatchObject({
      state: 'whole',
      signed: { entries: 4, verified: true },
    });
    expect((await verified(signed, readPublicKeys(theirs.open))).problems).toHaveLength(4);
    expect((await verified(place, readPublicKeys(mine.open))).problems[0]?.what).toMatch(
      /last 1 of 1 records are not signed/,
    );
    // Written anew with another key, and a head to fit: only the signature tells.
    using forged = await new SampleHistory(openSigner(theirs.secret)).add(...NIGHTS.slice(0, 2));
    expect((await verified(forged)).state).toBe('whole');
    expect((await verified(forged, readPublicKeys(mine.open))).state).toBe('tampered');
    // After a change of keys both are given.
    writeFileSync(mine.open, readFileSync(mine.open, 'utf8') + readFileSync(theirs.open, 'utf8'));
    expect((await verified(forged, readPublicKeys(mine.open))).state).toBe('whole');
  });

  test('with a key of another kind are refused', () => {
    using place = new SampleHistory();
    const file = join(place.folder, 'rsa.pem');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    expect(() => openSigner(file)).toThrow(/key of the type rsa/);
    expect(() => openSigner(join(place.folder, 'none.pem'))).toThrow(/cannot be used/);
    expect(() => readPublicKeys(file)).toThrow(/no public key/);
  });
});
