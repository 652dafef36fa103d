import { expect, it } from 'vitest';
import { World } from '../model/target.ts';
import { dropTable } from './drop-table.ts';
import { FakeDatabase } from './testing/fake-database.ts';

function worldOf(...tables: string[]) {
  const database = new FakeDatabase('database', tables);
  return { database, context: { world: new World([['database', database]]), seed: 1 } };
}

it('drops the table that it is told, in whichever schema it is, and no other', async () => {
  const { database, context } = worldOf('public.asset', 'photos.odd"name');
  expect(await dropTable({ table: 'odd"name' }).strike(context)).toEqual(['table photos.odd"name']);
  expect([...database.tables]).toEqual(['public.asset']);
});

it('drops nothing when nobody says what', () => {
  expect(() => dropTable()).toThrow(expect.objectContaining({ code: 'disaster-names-no-table', blame: 'usage' }));
});

it('refuses a table that is not there', async () => {
  const strike = dropTable({ table: 'asset_exit' }).strike(worldOf('public.asset').context);
  await expect(strike).rejects.toMatchObject({ code: 'disaster-no-table', blame: 'usage' });
});

it('does not take a server that is down for a table that is gone', async () => {
  const { database, context } = worldOf('public.asset_exif');
  await database.destroy();
  await expect(dropTable({ table: 'asset_exif' }).proveGone(context, ['table public.asset_exif'])).rejects.toThrow(
    'does not answer',
  );
});
