import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DrillError } from '../../model/error.ts';
import { Secret } from '../../model/secret.ts';
import type { SourceContext } from '../../model/source.ts';
import { type LocalForTest, openLocalForTest } from '../../substrates/local/testing/open-local.ts';
import { filesSource } from '../sources/files.ts';
import { pgDumpSource } from '../sources/pg-dump.ts';
import { sourceContext } from '../sources/testing/restore-dump.ts';
import { bucketPlace } from './bucket-place.ts';
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
  writeFileSync(join(source.path, 'upload/a.jpg'), 'a photo');
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
  expect(await error(source.restore(sourceContext(local)))).toMatchObject({ code: 'folder-missing', blame: 'backup' });
});

describe('a repository that is damaged is told in a sentence', () => {
  it.each<[string, (at: string) => void, RegExp]>([
    ['without its index', (at) => rmSync(join(at, 'index'), { recursive: true }), /index.*is gone/],
    ['with another index', (at) => spoil(join(at, 'index')), /index of the repository is damaged/],
    ['with other packs', (at) => spoil(join(at, 'data')), /is damaged: a pack of it/],
    ['without its config', (at) => rmSync(join(at, 'config')), /has lost its file "config"/],
  ])('%s', async (_, breaks, expected) => {
    const { code, blame, what, tail } = await refused(broken(breaks));
    expect({ code, blame }).toEqual({ code: 'repository-damaged', blame: 'backup' });
    expect(what).toMatch(expected);
    expect(`${what} ${tail}`).not.toMatch(/goexit|\.go:\d/);
  });
});

/** Other bytes in every file of a folder. */
function spoil(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    rmSync(file);
    writeFileSync(file, 'x'.repeat(2_000));
  }
}
