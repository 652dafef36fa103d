import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../migrations.ts';
import { compareMigrations, isKnown } from './releases.ts';
import { readShape } from './shape.ts';

const GOOD = { holes: [], missing: [], strangers: [] };

describe('compareMigrations', () => {
  it('takes what releases are known to leave behind', () => {
    expect(compareMigrations(MIGRATIONS, 'v3.1.0')).toEqual(GOOD);
    expect(compareMigrations(MIGRATIONS.slice(0, 68), 'v2.7.5')).toEqual(GOOD);
    expect(compareMigrations(MIGRATIONS.slice(0, 30), 'v1.136.0')).toEqual(GOOD);
  });

  it('names holes, those that a version must have, and those of a newer one', () => {
    const [first = '', second = ''] = MIGRATIONS;
    expect(compareMigrations([first, ...MIGRATIONS.slice(2)], 'v3.1.0')).toMatchObject({ holes: [second] });
    expect(compareMigrations(MIGRATIONS.slice(0, 60), 'v3.1.0').missing).toHaveLength(28);
    expect(compareMigrations([...MIGRATIONS, '1799999999999-PersonGroups'], 'v3.2.0')).toEqual({
      ...GOOD,
      strangers: ['1799999999999-PersonGroups'],
    });
  });

  it('asks nothing of a version that it cannot read', () => {
    expect(compareMigrations([], '')).toEqual(GOOD);
  });
});

it('knows which versions are known, and which are newer', () => {
  expect(['v1.132.0', 'v2.7.5', 'v3.1.9'].map(isKnown)).toEqual([true, true, true]);
  expect(['v3.2.0', '', 'of an unknown version'].map(isKnown)).toEqual([false, false, false]);
});

describe('readShape', () => {
  const columns = {
    user: ['id', 'email', 'isAdmin', 'profileImagePath', 'deletedAt'],
    asset: [
      'id',
      'ownerId',
      'type',
      'originalPath',
      'originalFileName',
      'checksum',
      'isExternal',
      'createdAt',
      'deletedAt',
    ],
    asset_exif: ['assetId', 'fileSizeInByte'],
    asset_file: ['assetId', 'type', 'path'],
  };
  const rows = (tables: Record<string, string[]>) =>
    Object.entries(tables).flatMap(([table, names]) => names.map((column) => ({ table, column })));

  it('reads tables in the singular and in the plural', () => {
    expect(readShape(rows(columns)).table('exif')).toBe('"asset_exif"');
    const { user, asset, asset_exif: exif, asset_file: asset_files } = columns;
    const plural = readShape(rows({ users: user, assets: [...asset, 'sidecarPath'], exif, asset_files }));
    expect(plural.table('asset')).toBe('"assets"');
    expect([plural.has('asset', 'sidecarPath'), plural.has('album')]).toEqual([true, false]);
  });

  it('says what it saw in a database that it does not know', () => {
    expect(() => readShape(rows({ photos: ['id'], settings: ['id'] }))).toThrow(
      /not an Immich schema.*users\.id.*2 tables, such as photos, settings/,
    );
    expect(() => readShape([])).toThrow(/it has 0 tables/);
    const { asset_exif: _, ...without } = columns;
    expect(() => readShape(rows(without))).toThrow(/asset_exif\.assetId/);
  });
});
