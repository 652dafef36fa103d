import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Receipt } from '../../model/path.ts';
import { Secret } from '../../model/secret.ts';
import type { SourceContext } from '../../model/source.ts';
import { type LocalForTest, openLocalForTest } from '../../substrates/local/testing/open-local.ts';
import { dumpsIn } from '../sources/dump/dumps-in.ts';
import { filesSource } from '../sources/files.ts';
import { sourceContext } from '../sources/testing/restore-dump.ts';
import type { OpenPlace, Wanted } from './place.ts';
import { resticPlace } from './restic-place.ts';

const password = new Secret('repository', 'correct horse');
const MARKS = ['upload', 'library', 'profile', 'backups'];
const DUMPS: Wanted = { below: '/dumps', isThere: (files) => dumpsIn(files, '*').length > 0 };

let local: LocalForTest;
let repository: string;
let count = 0;

beforeAll(async () => {
  local = await openLocalForTest();
  repository = (await local.substrate.volume('repository')).path;
  await restic(['init']);
});
afterAll(async () => await local?.[Symbol.asyncDispose]());

async function restic(args: string[], cwd?: string): Promise<void> {
  const env = { RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: password };
  await local.substrate.run({
    name: 'made.backup',
    volumes: [],
    steps: () => [{ program: 'restic', args, env, ...(cwd && { cwd }) }],
  });
}

/** A snapshot of a host, of a folder with those files. */
async function snapshot(host: string, folder: string, files: readonly string[], day: string): Promise<void> {
  const at = join(local.folder, folder);
  rmSync(at, { recursive: true, force: true });
  for (const path of files) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), `${path} of ${day}`);
  }
  mkdirSync(at, { recursive: true });
  await restic(['backup', '--host', host, '--time', `2026-11-${day} 03:00:00`, at]);
}

async function open(wanted: Wanted): Promise<OpenPlace> {
  const place = resticPlace({ repository, password, env: {}, snapshot: { kind: 'latest' }, tags: [] });
  return await place.open(sourceContext(local), wanted);
}

async function restoreLibrary(): Promise<Receipt> {
  count += 1;
  const place = resticPlace({ repository, password, env: {}, snapshot: { kind: 'latest' }, tags: [] });
  const target = await local.substrate.volume(`library-${count}`);
  const context = { ...sourceContext(local), target } as unknown as SourceContext<'volume'>;
  return await filesSource(place, { marks: MARKS, leavesOut: [] }).restore(context);
}

it('a repository that is shared gives the newest snapshot with a library, and tells which it passed over', async () => {
  await snapshot('nas', 'photos', ['upload/a.jpg', 'library/b.jpg'], '20');
  await snapshot('nas', 'photos', ['upload/a.jpg', 'library/b.jpg', 'library/c.jpg'], '21');
  await snapshot('web', 'www', ['index.html', 'backups/x.tar'], '22');
  const { startedAt, details } = await restoreLibrary();
  expect(startedAt.slice(0, 10)).toBe('2026-11-21');
  expect(details).toMatchObject({
    passedOver: expect.stringMatching(/^[0-9a-f]{8} of web:.*\/www: newer, and without/),
  });
});

it('one of the library that holds none any more is a loss, whoever else has one', async () => {
  await snapshot('nas', 'photos', [], '23');
  await snapshot('web', 'www', ['index.html'], '24');
  await snapshot('old', 'copy', ['upload/a.jpg', 'library/b.jpg'], '01');
  await expect(restoreLibrary()).rejects.toMatchObject({ code: 'root-missing', blame: 'backup' });
});

it('a dump is looked for in the snapshots that have one', async () => {
  const folder = (name: string) => join(local.folder, name);
  await snapshot('db', 'dumps', ['photos-20261125.sql.gz'], '25');
  await snapshot('web', 'www', ['index.html'], '26');
  const found = await open({ ...DUMPS, below: folder('dumps') } as Wanted);
  expect(found.madeAt.slice(0, 10)).toBe('2026-11-25');
  expect((await found.list(folder('dumps'))).map(({ path }) => path)).toEqual(['photos-20261125.sql.gz']);
  const none = await open({ ...DUMPS, below: '/nowhere' } as Wanted);
  expect(none.madeAt.slice(0, 10)).toBe('2026-11-26');
  expect(none.details).toBeUndefined();
});
