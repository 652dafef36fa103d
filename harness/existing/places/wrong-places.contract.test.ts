import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DrillError } from '../../model/error.ts';
import { Secret } from '../../model/secret.ts';
import type { SourceContext } from '../../model/source.ts';
import { type LocalForTest, openLocalForTest } from '../../substrates/local/testing/open-local.ts';
import { filesSource } from '../sources/files.ts';
import { pgDumpSource } from '../sources/pg-dump.ts';
import { sourceContext } from '../sources/testing/restore-dump.ts';
import { withSourceErrors } from '../sources/with-source-errors.ts';
import { bucketPlace } from './bucket-place.ts';
import type { RepositoryCheck } from './check-repository.ts';
import { folderPlace } from './folder-place.ts';
import type { Place } from './place.ts';
import { resticPlace } from './restic-place.ts';

const password = new Secret('repository', 'correct horse');

let local: LocalForTest;
let whole: string;
let count = 0;
beforeAll(async () => {
  local = await openLocalForTest();
  whole = (await local.substrate.volume('repository')).path;
  const source = await local.substrate.volume('source');
  for (const folder of ['upload', 'library']) mkdirSync(join(source.path, folder));
  writeFileSync(join(source.path, 'upload/a.jpg'), randomBytes(64 * 1024));
  const env = { RESTIC_REPOSITORY: whole, RESTIC_PASSWORD: password };
  const step = (...args: string[]) => ({ program: 'restic', args, env });
  const steps = () => [step('init'), step('backup', source.path)];
  await local.substrate.run({ name: 'made.backup', volumes: [], steps });
});
afterAll(async () => await local?.[Symbol.asyncDispose]());

async function refused(place: Place): Promise<DrillError> {
  count += 1;
  const target = await local.substrate.volume(`library-${count}`);
  const context = { ...sourceContext(local), target } as unknown as SourceContext<'volume'>;
  return await error(filesSource(place, { marks: ['upload', 'library'], leavesOut: [] }).restore(context));
}

async function error(work: Promise<unknown>): Promise<DrillError> {
  const thrown = await work.catch((reason: unknown) => reason);
  if (!(thrown instanceof DrillError)) throw new Error(`expected an error of ours, found ${thrown}`);
  return thrown;
}

function restic(repository: string): Place {
  return resticPlace({ repository, password, env: {}, snapshot: { kind: 'latest' }, tags: [] });
}

/** A copy of the repository, to be broken. */
function broken(breaks: (at: string) => void): Place {
  count += 1;
  const at = join(local.folder, `broken-${count}`);
  cpSync(whole, at, { recursive: true });
  breaks(at);
  return restic(at);
}

describe('a place that is not there is a matter of the configuration', () => {
  it('a folder', async () => {
    const at = join(local.folder, 'nowhere');
    expect(await refused(folderPlace(at))).toMatchObject({ blame: 'usage', what: expect.stringContaining(at) });
  });

  it('a repository', async () => {
    const empty = join(local.folder, 'empty');
    mkdirSync(empty);
    const nowhere = join(local.folder, 'nowhere');
    expect(await refused(restic(nowhere))).toMatchObject({ blame: 'usage', what: expect.stringContaining(nowhere) });
    expect(await refused(restic(empty))).toMatchObject({ code: 'repository-missing', blame: 'usage' });
  });

  it('a bucket', async () => {
    const { endpoint, region, accessKey, secretKey } = await local.substrate.bucket('there');
    const name = 'not-there';
    const place = bucketPlace({ endpoint, region, bucket: name, prefix: 'x', accessKey, secretKey });
    expect(await refused(place)).toMatchObject({ code: 'bucket-missing', blame: 'usage' });
  });
});

it('a folder that the backup does not hold is the fault of the backup, and told plainly', async () => {
  const at = join(local.folder, 'half');
  mkdirSync(at);
  const source = pgDumpSource(folderPlace(at), { folder: 'dumps', file: '*', database: 'photos' });
  expect(await error(source.restore(sourceContext(local)))).toMatchObject({
    blame: 'backup',
    what: expect.stringMatching(/folder that the configuration names is not in the backup/),
  });
});

describe('a repository that is damaged is told in a sentence', () => {
  it.each<[string, (at: string) => void, RegExp]>([
    ['without its index', (at) => rmSync(join(at, 'index'), { recursive: true }), /index.*is gone/],
    ['with another index', (at) => spoil(join(at, 'index')), /index of the repository is damaged/],
    ['with other packs', (at) => spoil(join(at, 'data')), /is damaged: a pack of it/],
    ['without its config', (at) => rmSync(join(at, 'config')), /has lost its file "config"/],
  ])('%s', async (_, breaks, expected) => {
    const { blame, what, tail } = await refused(broken(breaks));
    expect(blame).toBe('backup');
    expect(what).toMatch(expected);
    expect(`${what} ${tail}`).not.toMatch(/goexit|\.go:\d/);
  });
});

describe('a repository beside the snapshot that restores', () => {
  async function checked(at: string, check: RepositoryCheck = {}) {
    const place = resticPlace({ repository: at, password, env: {}, snapshot: { kind: 'latest' }, tags: [], check });
    return await place.check?.({ ...sourceContext(local), run: withSourceErrors(sourceContext(local)).run });
  }

  it('is sound, and nothing in it is written', async () => {
    const before = readdirSync(whole, { recursive: true }).sort();
    expect(await checked(whole)).toMatchObject({ repository: 'sound', repositoryRead: 'structure' });
    expect(await checked(whole, { readData: '100%' })).toMatchObject({ repository: 'sound', repositoryRead: '100%' });
    expect(readdirSync(whole, { recursive: true }).sort()).toEqual(before);
  });

  it.each<[string, (at: string) => void, RepositoryCheck, RegExp]>([
    ['a pack that is gone', (at) => rmSync(largestPack(at)), {}, /^pack [0-9a-f]{8}: does not exist/],
    ['a pack with other bytes', (at) => garble(largestPack(at)), { readData: '100%' }, /pack [0-9a-f]{8} contains/],
    ['another index', (at) => spoil(join(at, 'index')), {}, /index/],
  ])('has %s: the snapshots at risk are counted', async (_, breaks, check, said) => {
    count += 1;
    const at = join(local.folder, `beside-${count}`);
    cpSync(whole, at, { recursive: true });
    breaks(at);
    const details = await checked(at, check);
    expect(details).toMatchObject({ repository: 'damaged', repositorySaid: expect.stringMatching(said) });
    expect(details?.otherSnapshots).toBe(0);
  });

  it('is not checked where it cannot be reached, or while somebody writes', async () => {
    const at = join(local.folder, 'locked');
    cpSync(whole, at, { recursive: true });
    rmSync(largestPack(at));
    mkdirSync(join(at, 'locks'), { recursive: true });
    writeFileSync(join(at, 'locks', 'a'.repeat(64)), 'x');
    expect(await checked(at)).toMatchObject({
      repository: 'not checked',
      repositorySaid: expect.stringMatching(/lock/),
    });
    const none = join(local.folder, 'none');
    mkdirSync(none);
    expect(await checked(none)).toMatchObject({ repository: 'not checked' });
  });
});

function packs(at: string): string[] {
  const all = readdirSync(join(at, 'data'), { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function largestPack(at: string): string {
  return packs(at).toSorted((a, b) => statSync(b).size - statSync(a).size)[0] ?? '';
}

function garble(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 40, 60);
  rmSync(file);
  writeFileSync(file, bytes);
}

/** Other bytes in every file of a folder. */
function spoil(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    rmSync(file);
    writeFileSync(file, 'x'.repeat(2_000));
  }
}
