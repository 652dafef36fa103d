import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tool as postgres } from '../../machine/tools/postgres.ts';
import { openToolbox } from '../../machine/tools/toolbox/toolbox.ts';
import { Programs } from './programs.ts';
import { type DockerAnswers, folderWithDocker, WORKING } from './testing/fake-docker.ts';

const IMAGE = 'some/postgres:17';

/** Programs on a machine without Postgres, or with one of a version, with a client of Docker as given, or without one. */
async function programs(client?: DockerAnswers, env: Record<string, string> = {}, version?: string) {
  const folder = folderWithDocker(client);
  const places = version === undefined ? [] : [join(folder, 'postgres')];
  for (const place of places) {
    mkdirSync(place);
    for (const program of postgres.programs)
      writeFileSync(join(place, program), `#!/bin/sh\necho '${program} (PostgreSQL) ${version}'\n`, { mode: 0o755 });
  }
  const notes: unknown[] = [];
  const made = new Programs({
    toolbox: await openToolbox({ definitions: [{ ...postgres, together: { places } }], env: { PATH: '' } }),
    context: {
      runId: 'a-run',
      signal: new AbortController().signal,
      note: (_, facts) => notes.push(facts.line),
    },
    workFolder: folder,
    env: { PATH: folder, DRILL_POSTGRES_IMAGE: IMAGE, ...env },
  });
  return { made, notes };
}

it('takes Postgres from an image that is here, all programs from the same', async () => {
  const { made, notes } = await programs({ ...WORKING, image: 'echo id', run: `echo 'postgres (PostgreSQL) 17.5'` });
  await made.require(['initdb', 'postgres', 'pg_dump']);
  expect(made.reports()).toEqual(
    ['initdb', 'postgres', 'pg_dump'].map((program) => ({
      program,
      version: '17.5',
      source: 'container',
      location: IMAGE,
    })),
  );
  expect(notes).toEqual([]);
});

it('pulls an image that is missing, and says so', async () => {
  const { made, notes } = await programs({
    ...WORKING,
    image: 'exit 1',
    pull: 'exit 0',
    run: `echo 'postgres (PostgreSQL) 17.5'`,
  });
  expect((await made.provide('pg_dump')).version).toBe('17.5');
  expect(notes).toEqual([expect.stringContaining(IMAGE)]);
});

it('has no program of an older Postgres left, once another is chosen', async () => {
  const client = { ...WORKING, image: 'echo id', run: `echo 'postgres (PostgreSQL) 17.5'` };
  const { made } = await programs(client, {}, '15.4');
  const needs = (major: number) => ({ major, exactly: false, extensions: [] });
  await made.require(['psql', 'pg_dump']);
  await made.choosePostgres(needs(15));
  expect((await made.provide('pg_dump')).version).toBe('15.4');
  await made.choosePostgres(needs(17));
  for (const program of ['psql', 'pg_dump', 'pg_restore'])
    expect(await made.provide(program)).toMatchObject({ version: '17.5', source: 'container' });
});

const MISSING = { code: 'tool-missing', where: 'tools/postgres', blame: 'environment' };

it.each([
  ['there is no client', undefined, {}, { ...MISSING, what: expect.stringContaining('there is no docker on PATH') }],
  [
    'no daemon answers',
    { version: 'echo Cannot connect >&2; exit 1' },
    {},
    { ...MISSING, what: expect.stringContaining('Cannot connect'), next: expect.stringContaining('start Docker') },
  ],
  [
    'accounts are mapped',
    { ...WORKING, info: `echo '["name=rootless"]'` },
    {},
    { ...MISSING, what: expect.stringContaining('rootless') },
  ],
  [
    'a container is insisted on without Docker',
    undefined,
    { DRILL_POSTGRES: 'container' },
    { code: 'docker-missing', blame: 'environment', next: expect.stringContaining('unset DRILL_POSTGRES') },
  ],
  [
    'the setting is unknown',
    WORKING,
    { DRILL_POSTGRES: 'docker' },
    { code: 'setting-unknown', blame: 'usage', what: expect.stringContaining('"docker"') },
  ],
  [
    'the image cannot be pulled',
    { ...WORKING, image: 'exit 1', pull: 'echo no such host >&2; exit 1' },
    {},
    {
      code: 'image-missing',
      blame: 'environment',
      what: expect.stringContaining(IMAGE),
      next: expect.stringMatching(/docker pull some\/postgres:17.*DRILL_POSTGRES_IMAGE/),
      tail: expect.stringContaining('no such host'),
    },
  ],
  [
    'the image has no Postgres',
    { ...WORKING, image: 'echo id', run: 'exit 127' },
    {},
    { code: 'image-unusable', blame: 'environment', next: expect.stringContaining('DRILL_POSTGRES_IMAGE') },
  ],
])('says what to do when %s, once for all programs', async (_, client, env, error) => {
  const { made } = await programs(client, env);
  await expect(made.require(['initdb', 'postgres', 'pg_dump'])).rejects.toMatchObject(error);
  expect(made.reports()).toEqual([]);
  await made.removeContainers();
});
