import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tool as postgres } from '../postgres.ts';
import { fakeProgram, scratchFolder, scriptSaying } from './fakes/fake-program.ts';
import { findProgram } from './finder.ts';
import { findTogether } from './together.ts';

test('the newest complete install wins, and all programs come from it', async () => {
  const root = await scratchFolder();
  await install(root, '9', '9.6');
  await install(root, '14', '14.20');
  await install(root, '17', '17.6');
  await install(root, '18', '18.1', ['initdb', 'pg_verifybackup']);
  await install(root, '20', '20.0');
  for (const program of postgres.programs) {
    const { found, remarks } = await findTogether(at(root), program, { PATH: '' });
    expect(found?.location).toBe(join(root, '17', 'bin', program));
    expect(found).toMatchObject({ version: '17.6', source: 'place' });
    expect(remarks).toContain(`${join(root, '18', 'bin')} has postgres without initdb, pg_verifybackup`);
    expect(remarks.join('\n')).toContain('is version 20.0; needed is >=14 <19');
  }
});

test('wrappers and lone links on PATH lead to the folder behind them, not to a mixture', async () => {
  const root = await scratchFolder();
  const real = await install(root, '15', '15.18');
  const bin = join(root, 'usr-bin');
  const wrapper = await fakeProgram(join(root, 'common'), 'pg_wrapper', scriptSaying('pg_dump (PostgreSQL) 17.0'));
  await mkdir(bin);
  await symlink(join(real, 'initdb'), join(bin, 'initdb'));
  for (const client of ['pg_dump', 'psql']) await symlink(wrapper, join(bin, client));
  const nowhere = { ...postgres, together: { places: [] } };
  const { found } = await findTogether(nowhere, 'pg_dump', { PATH: bin });
  expect(found).toMatchObject({ location: join(real, 'pg_dump'), version: '15.18', source: 'PATH' });
});

test('a folder on PATH that has everything is one, too; the newer of two wins wherever it is', async () => {
  const root = await scratchFolder();
  const first = await install(root, '16', '16.2');
  await install(root, '15', '15.18');
  const { found } = await findTogether(at(root), 'psql', { PATH: first });
  expect(found).toMatchObject({ location: join(first, 'psql'), source: 'PATH' });
  await install(root, '17', '17.0');
  expect((await findTogether(at(root), 'psql', { PATH: first })).found?.version).toBe('17.0');
});

test('clients without a server are not taken', async () => {
  const root = await scratchFolder();
  const folder = await install(root, '16', '16.2', ['postgres', 'initdb', 'pg_ctl']);
  const look = await findTogether(at(root), 'pg_dump', { PATH: folder });
  expect(look.found).toBeUndefined();
  expect(look.remarks).toEqual([`${folder} has postgres without postgres, initdb, pg_ctl`]);
});

test('the user forces the whole install by its folder, or by its server', async () => {
  const root = await scratchFolder();
  const old = await install(root, '14', '14.20');
  await install(root, '17', '17.6');
  for (const forced of [old, join(old, 'postgres')]) {
    const env = { PATH: '', DRILL_TOOL_POSTGRES: forced };
    const { found } = await findProgram(at(root), 'pg_dump', env, undefined);
    expect(found).toMatchObject({ location: join(old, 'pg_dump'), source: 'forced', version: '14.20' });
  }
});

function at(root: string) {
  return { ...postgres, together: { places: [join(root, '*', 'bin')] } };
}

async function install(root: string, name: string, version: string, without: readonly string[] = []): Promise<string> {
  const folder = join(root, name, 'bin');
  for (const program of postgres.programs) {
    if (!without.includes(program))
      await fakeProgram(folder, program, scriptSaying(`${program} (PostgreSQL) ${version}`));
  }
  return folder;
}
