import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Step } from '../../model/job.ts';
import { Secret } from '../../model/secret.ts';
import type { Volume } from '../../model/target.ts';
import { type LocalForTest, openLocalForTest } from '../../substrates/local/testing/open-local.ts';
import { sourceContext } from '../sources/testing/restore-dump.ts';
import { bucketPlace } from './bucket-place.ts';
import { folderPlace } from './folder-place.ts';
import type { OpenPlace, Place } from './place.ts';
import { resticPlace } from './restic-place.ts';

/** Names that tools have stumbled over. */
const FILES: Readonly<Record<string, string>> = {
  'photos/upload/a b/IMG 0001.jpg': 'spaces',
  'photos/upload/Ünïcödé/naïve — 写真 📷.jpg': 'unicode',
  'photos/upload/with\'quote"and$dollar*star[1].jpg': 'shell',
  'photos/upload/-dash.jpg': 'like an option',
  'photos/upload/empty.xmp': '',
  'photos/profile/me.webp': 'portrait',
  'dumps/nightly.sql': 'SELECT 1;',
};
const BELOW = 'photos/';
const WANTED = ['upload/-dash.jpg', 'upload/with\'quote"and$dollar*star[1].jpg'];

let local: LocalForTest;
let folder: string;
beforeAll(async () => {
  local = await openLocalForTest();
  folder = join(local.folder, 'backup');
  for (const [path, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
});
afterAll(async () => await local?.[Symbol.asyncDispose]());

/** Runs a step of one of the run's own volumes with a volume mounted. */
async function run(volumes: readonly Volume[], steps: readonly Step[]): Promise<void> {
  await local.substrate.run({
    name: 'made.backup',
    volumes: volumes.map((volume) => ({ volume })),
    steps: () => [...steps],
  });
}

async function aBucket(client: 'rclone' | 'aws'): Promise<Place> {
  const bucket = await local.substrate.bucket(`place-${client}`);
  for (const [path, content] of Object.entries(FILES)) await bucket.put(`nightly/${path}`, Buffer.from(content));
  const { endpoint, region, name, accessKey, secretKey } = bucket;
  return bucketPlace({ endpoint, region, bucket: name, prefix: 'nightly', accessKey, secretKey, client });
}

async function aRepository(): Promise<Place> {
  const repository = await local.substrate.volume('repository');
  const source = await local.substrate.volume('source');
  cpSync(folder, source.path, { recursive: true });
  const password = new Secret('repository', 'correct horse');
  const env = { RESTIC_REPOSITORY: repository.path, RESTIC_PASSWORD: password };
  await run(
    [repository, source],
    [
      { program: 'restic', args: ['init'], env },
      { program: 'restic', args: ['backup', '.'], cwd: source.path, env },
    ],
  );
  return resticPlace({ repository: repository.path, password, env: {}, snapshot: { kind: 'latest' }, tags: [] });
}

/** Each file with a kind of place, and how one is filled with the same files. */
const PLACES: Readonly<Record<string, readonly (readonly [string, () => Promise<Place>])[]>> = {
  'folder-place.ts': [['a folder', async () => folderPlace(folder)]],
  'bucket-place.ts': [
    ['a bucket by rclone', () => aBucket('rclone')],
    ['a bucket by aws', () => aBucket('aws')],
  ],
  'restic-place.ts': [['a snapshot of restic', aRepository]],
};

it('every kind of place is under this contract', () => {
  const kinds = readdirSync(import.meta.dirname).filter((name) => name.endsWith('-place.ts'));
  expect(kinds.sort()).toEqual(Object.keys(PLACES).sort());
});

describe.each(Object.values(PLACES).flat())('%s', (_, make) => {
  let place: Place;
  let open: OpenPlace;
  beforeAll(async () => {
    place = await make();
    open = await place.open(sourceContext(local));
  });

  async function fetched(steps: (into: string) => readonly Step[], ...more: readonly Volume[]): Promise<object> {
    const into = await local.substrate.volume(`into-${Math.random().toString(36).slice(2)}`);
    await local.substrate.run({
      name: 'made.fetch',
      volumes: [...open.volumes, ...[into, ...more].map((volume) => ({ volume }))],
      steps: () => [...steps(into.path)],
    });
    const read: Record<string, string> = {};
    for await (const { path, type } of into.files())
      if (type === 'file') read[path] = Buffer.from(await into.read(path)).toString();
    return read;
  }
  const below = Object.entries(FILES).flatMap(([path, content]) =>
    path.startsWith(BELOW) ? [[path.slice(BELOW.length), content] as const] : [],
  );

  it('lists what lies below a folder, with sizes and times', async () => {
    const files = await open.list('photos');
    const seen = files.map(({ path, sizeBytes }) => [path, sizeBytes]);
    expect(Object.fromEntries(seen)).toEqual(
      Object.fromEntries(below.map(([path, content]) => [path, Buffer.byteLength(content)])),
    );
    for (const { modifiedAt } of files) expect(Math.abs(Date.now() - Date.parse(modifiedAt))).toBeLessThan(86_400_000);
  });

  it('lists what lies in a folder itself', async () => {
    const names = async (path: string) => (await open.filesIn(path)).map((file) => file.path);
    expect(await names('dumps')).toEqual(['nightly.sql']);
    expect(await names('photos')).toEqual([]);
    expect(await names('')).toEqual([]);
    const [dump] = await open.filesIn('dumps');
    expect(dump?.sizeBytes).toBe(FILES['dumps/nightly.sql']?.length);
    expect(Math.abs(Date.now() - Date.parse(dump?.modifiedAt ?? ''))).toBeLessThan(86_400_000);
  });

  it('knows when it was made, itself or by its newest file', async () => {
    const when = open.madeAt || (await open.lastWritten(''));
    expect(Math.abs(Date.now() - Date.parse(when))).toBeLessThan(86_400_000);
  });

  it('finds folders by their names', async () => {
    const found = await open.foldersNamed(['upload', 'profile', 'nothing']);
    expect(found.map((path) => path.replace(/^\//, '')).sort()).toEqual(['photos/profile', 'photos/upload']);
  });

  it('gives back a folder, byte for byte', async () => {
    expect(await fetched((into) => open.fetchFolder('photos', into))).toEqual(Object.fromEntries(below));
  });

  it('gives back those files of a folder that a list names, and no others', async () => {
    const list = await local.substrate.volume(`list-${Math.random().toString(36).slice(2)}`);
    await list.write('names', Buffer.from(open.listOf(WANTED)));
    expect(await fetched((into) => open.fetchSome('photos', `${list.path}/names`, into), list)).toEqual(
      Object.fromEntries(below.filter(([path]) => WANTED.includes(path))),
    );
  });

  it('gives back one file', async () => {
    expect(await fetched((into) => open.fetchFile('dumps/nightly.sql', `${into}/dump`))).toEqual({
      dump: FILES['dumps/nightly.sql'],
    });
  });

  it('fails on what it does not have', async () => {
    await expect(fetched((into) => open.fetchFile('dumps/other.sql', `${into}/dump`))).rejects.toMatchObject({
      code: 'job-failed',
    });
  });
});
