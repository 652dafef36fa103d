import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openToolbox } from '../../../../machine/tools/toolbox/toolbox.ts';
import { complaintsOf, saidOf } from '../testing/complaints.ts';
import { drillOwn } from '../testing/drill-own.ts';
import { SyntheticLibrary } from '../testing/synthetic-library.ts';

/** In seconds since 1970. */
const SUMMER = 1_750_000_000;

let library: SyntheticLibrary;

beforeAll(async () => {
  library = await SyntheticLibrary.make(40);
  await library.asSql('sql');
});
afterAll(async () => {
  await library?.[Symbol.asyncDispose]();
});

it.each([
  ['SQL that gzip has packed', 'sql'],
  ['an archive', 'dumps'],
])('a healthy library passes with a dump as %s, loaded by no superuser and timed', async (_, dumps) => {
  const config = { library: { folder: library.at('media') }, database: { folder: library.at(dumps) } };
  const result = await drillOwn(library.folder, config);
  expect(result.failures).toEqual([]);
  expect(result.checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  expect(result.verdict).toBe('pass');
  expect(result.rto.components.database?.phases.load).toBeGreaterThan(0);
  const receipt = result.backups.find(({ component }) => component === 'database');
  expect(receipt?.details.leftOut).toMatch(/extensions/);
});

it('an upload after the dump, whose file has the time of its photo, is no orphan; a file that lost its row is one', async () => {
  const media = library.at('after');
  await execa('cp', ['--archive', library.at('media'), media]);
  const settled = () => execa('find', [media, '-type', 'd', '-exec', 'touch', '--date', `@${SUMMER}`, '{}', '+']);
  await settled();
  const [folders, photo] = [join(media, 'upload/a-user/01/23'), 'upload/a-user/01/23/new.jpg'];
  mkdirSync(folders, { recursive: true });
  const put = (path: string) => {
    writeFileSync(join(media, path), 'a photo of last summer');
    utimesSync(join(media, path), SUMMER, SUMMER);
  };
  put(photo);
  const config = { library: { folder: media }, database: { folder: library.at('dumps') } };
  const whole = await drillOwn(library.folder, config);
  expect(complaintsOf(whole), saidOf(whole)).toEqual([]);
  // As it lay there before the dump was made.
  await settled();
  const lost = await drillOwn(library.folder, config);
  expect(complaintsOf(lost)).toEqual(['files-to-rows of library']);
  expect(saidOf(lost)).toContain(photo);
});

it('one flipped bit in an archive, with which pg_restore is content, is no pass, and the trigger that went is named', async () => {
  const whole = readFileSync(library.at('dumps', 'immich.dump'));
  const pgRestore = (await (await openToolbox()).provide('pg_restore')).location;
  const triggersIn = async (bytes: Buffer): Promise<string[]> => {
    const { exitCode, stdout } = await execa(pgRestore, ['--file=-'], { input: bytes, reject: false });
    return exitCode === 0 ? [...String(stdout).matchAll(/^CREATE TRIGGER (\w+)/gm)].map(([, name = '']) => name) : [];
  };
  const before = await triggersIn(whole);
  let lost: string | undefined;
  for (const flipped of flips(whole)) {
    const left = await triggersIn(flipped);
    if (left.length === 0 || left.length === before.length) continue;
    lost = before.find((name) => !left.includes(name));
    mkdirSync(library.at('flipped'));
    writeFileSync(library.at('flipped', 'immich.dump'), flipped);
    break;
  }
  expect(lost).toBeDefined();
  const config = { library: { folder: library.at('media') }, database: { folder: library.at('flipped') } };
  const result = await drillOwn(library.folder, config);
  expect(result).toMatchObject({ verdict: 'fail', exitCode: 1 });
  expect(saidOf(result)).toContain(lost);
});

/** The archive with one bit flipped in what its table of contents says of a trigger: its kind, its section. */
function* flips(whole: Buffer): Generator<Buffer> {
  const KIND = Buffer.from('\0\x07\0\0\0TRIGGER', 'latin1');
  const SECTION_BYTES = 5;
  for (let at = whole.indexOf(KIND); at >= 0; at = whole.indexOf(KIND, at + 1))
    for (let bit = (KIND.length + SECTION_BYTES) * 8 - 1; bit >= 0; bit -= 1) {
      const flipped = Buffer.from(whole);
      const byte = at + (bit >> 3);
      flipped[byte] = (flipped[byte] ?? 0) ^ (1 << (bit & 7));
      yield flipped;
    }
}
