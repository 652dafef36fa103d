import { World } from '../../model/target.ts';
import { FakeCache, InertCache } from './fake-cache.ts';
import { FakeDatabase, InertDatabase } from './fake-database.ts';
import { FakeVolume, InertVolume } from './fake-volume.ts';

const FILES: Readonly<Record<string, string>> = {
  'upload/.keep': 'marker',
  'upload/empty.jpg': '',
  'thumbs/.keep': 'marker',
  ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`upload/${i}.jpg`, `photo ${i}`])),
  ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`thumbs/${i}.webp`, `thumb ${i}`])),
};
const TABLES: readonly string[] = ['public.asset', 'public.asset_exif'];

/** A small library, database and cache in memory. */
export function fakeWorld(): World {
  return new World([
    ['library', new FakeVolume('library', FILES)],
    ['database', new FakeDatabase('database', TABLES)],
    ['redis', new FakeCache('redis')],
  ]);
}

/** The same world, on which no disaster has any effect. */
export function inertWorld(): World {
  return new World([
    ['library', new InertVolume('library', FILES)],
    ['database', new InertDatabase('database', TABLES)],
    ['redis', new InertCache('redis')],
  ]);
}
