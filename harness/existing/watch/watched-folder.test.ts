import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Compared, comparePlaces, type Difference } from '../../checks/judging/compare-places.ts';
import { compareBytes } from '../../model/manifest.ts';
import type { OpeningContext } from '../../model/source.ts';
import type { PlaceEntry } from '../../model/watch.ts';
import { watchedFolder } from './watched-folder.ts';

let root: string;
let outside: string;
const at = (path: string) => join(root, path);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'drill-watch-'));
  outside = mkdtempSync(join(tmpdir(), 'drill-watch-'));
  mkdirSync(at('a/b'), { recursive: true });
  for (const path of ['1.jpg', 'a/2.jpg', 'a/b/3.jpg', 'a.txt']) writeFileSync(at(path), `bytes of ${path}`);
  writeFileSync(join(outside, 'secret'), 'of somebody else');
  symlinkSync(outside, at('a/link'));
});
afterEach(() => {
  for (const folder of [root, outside]) rmSync(folder, { recursive: true, force: true });
});

async function listed(): Promise<PlaceEntry[]> {
  const [way] = watchedFolder(root).ways;
  const entries = await Array.fromAsync(way?.list({} as OpeningContext) ?? []);
  return entries.sort((a, b) => compareBytes(a.path, b.path));
}

async function* stream(entries: readonly PlaceEntry[]): AsyncGenerator<PlaceEntry> {
  yield* entries;
}

async function differencesAfter(change: () => void): Promise<{ found: Difference[]; compared: Compared }> {
  const before = await listed();
  change();
  const compared = { entries: 0, bytes: 0 };
  return { found: await Array.fromAsync(comparePlaces(stream(before), stream(await listed()), compared)), compared };
}

describe('watchedFolder', () => {
  it('lists every entry with what is known of it, digests of files among it, and follows no link', async () => {
    const entries = await listed();
    expect(entries.map(({ path }) => path.replace('\0', ' '))).toEqual([
      '',
      '1.jpg',
      '1.jpg sha256',
      'a.txt',
      'a.txt sha256',
      'a/',
      'a/2.jpg',
      'a/2.jpg sha256',
      'a/b/',
      'a/b/3.jpg',
      'a/b/3.jpg sha256',
      'a/link',
    ]);
    expect(entries.find(({ path }) => path === 'a/link')?.facts).toMatchObject({ type: 'link', target: outside });
    expect(entries.find(({ path }) => path === 'a/2.jpg')?.facts).toMatchObject({
      type: 'file',
      sizeBytes: 16,
      links: 1,
    });
  });

  it('finds nothing where nothing was done, and leaves the time of reading alone', async () => {
    utimesSync(at('1.jpg'), new Date('2020-01-01'), new Date('2020-01-01'));
    const { found, compared } = await differencesAfter(() => {});
    expect(found).toEqual([]);
    expect(compared).toEqual({ entries: 8, bytes: 62 });
    if (process.platform === 'linux') expect(statSync(at('1.jpg')).atime).toEqual(new Date('2020-01-01'));
  });

  it.each<[string, () => void, Partial<Difference>[]]>([
    [
      'a byte, with size and time put back',
      () => {
        const { atime, mtime } = statSync(at('a/2.jpg'));
        writeFileSync(at('a/2.jpg'), readFileSync(at('a/2.jpg'), 'utf8').replace('b', 'B'));
        utimesSync(at('a/2.jpg'), atime, mtime);
      },
      [
        { kind: 'changed', path: 'a/2.jpg' },
        { kind: 'changed', path: 'a/2.jpg', before: expect.stringMatching(/^sha256 /) as never },
      ],
    ],
    ['a file that is removed', () => rmSync(at('a/b/3.jpg')), [{ kind: 'gone', path: 'a/b/3.jpg' }]],
    ['a file that is added', () => writeFileSync(at('a/b/4.jpg'), 'new'), [{ kind: 'appeared', path: 'a/b/4.jpg' }]],
    ['a folder that is added', () => mkdirSync(at('a/c')), [{ kind: 'appeared', path: 'a/c/' }]],
    ['another mode', () => chmodSync(at('1.jpg'), 0o600), [{ kind: 'changed', path: '1.jpg' }]],
    ['another mode of a folder', () => chmodSync(at('a/b'), 0o700), [{ kind: 'changed', path: 'a/b/' }]],
    ['another time', () => utimesSync(at('1.jpg'), 1, 1), [{ kind: 'changed', path: '1.jpg' }]],
    ['one more link', () => linkSync(at('1.jpg'), join(outside, 'linked')), [{ kind: 'changed', path: '1.jpg' }]],
    [
      'a lock that is made and removed again',
      () => {
        writeFileSync(at('a/b/lock'), '');
        rmSync(at('a/b/lock'));
      },
      [{ kind: 'changed', path: 'a/b/', after: expect.stringContaining('removed again') as never }],
    ],
    [
      'a link that leads elsewhere',
      () => {
        rmSync(at('a/link'));
        symlinkSync('/nowhere', at('a/link'));
      },
      [
        { kind: 'changed', path: 'a/link' },
        { kind: 'changed', path: 'a/' },
      ],
    ],
    [
      'a file that is replaced by its copy',
      () => {
        writeFileSync(at('a/b/copy'), 'bytes of a/b/3.jpg');
        renameSync(at('a/b/copy'), at('a/b/3.jpg'));
      },
      [
        { kind: 'changed', path: 'a/b/3.jpg' },
        { kind: 'changed', path: 'a/b/' },
      ],
    ],
  ])('sees %s', async (_, change, expected) => {
    const { found } = await differencesAfter(change);
    expect(found).toEqual(expect.arrayContaining(expected.map((one) => expect.objectContaining(one))));
    expect(found).toHaveLength(expected.length);
  });

  it('tells names that are no UTF-8 apart', async () => {
    if (process.platform !== 'linux') return;
    const both = [Buffer.from([0x61, 0xff]), Buffer.from([0x61, 0xfe])];
    for (const name of both) writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), 'x');
    const paths = (await listed()).map(({ path }) => path);
    expect(paths).toContain('a\\xff');
    expect(paths).toContain('a\\xfe');
  });

  it('is not held up by a pipe', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    expect((await listed()).find(({ path }) => path === 'pipe')?.facts).toMatchObject({ type: 'special' });
  });
});
