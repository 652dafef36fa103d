import { describe, expect, it } from 'vitest';
import { quietly } from '../fixtures/sabotage/mechanisms/database.ts';
import { originalOf, photosOf } from '../fixtures/sabotage/mechanisms/photos.ts';
import { afterRestore, flipped as bitFlipped, overwrite, silently } from '../fixtures/sabotage/mechanisms/tamper.ts';
import { complaints, runForTest } from '../harness/engine/testing/run-for-test.ts';
import { LIBRARY, plotFor, smallImmich } from './testing/small-immich.ts';
import { checkOf, expectFailed, subjectsOf } from './testing/verdicts.ts';

const PHOTOS = photosOf(LIBRARY);
const TAMPERED_MODE = 0o604;
const DAY_MS = 86_400_000;

function photo(number: number) {
  const plan = PHOTOS[number];
  if (!plan) throw new Error(`the library has only ${PHOTOS.length} ordinary photos`);
  return plan;
}

describe('the healthy twin', () => {
  it('passes, and says what a backup of the database before the files costs', async () => {
    const result = await runForTest(smallImmich());
    expect(result.failures).toEqual([]);
    expect(complaints(result)).toEqual([]);
    expect(result).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(checkOf(result, 'files-to-rows').actual).toMatch(/[1-9]\d* files? untracked but re-uploadable/);
    expect(checkOf(result, 'rows-to-files').actual).toMatch(/^[1-9]\d* files found and right$/);
  });
});

describe('a library that comes back with other files', () => {
  it('is caught file by file, each by the check that is meant for it', async () => {
    const [flipped, missing, opened, touched, swapped] = [photo(0), photo(1), photo(2), photo(3), photo(4)];
    const foreign = photo(PHOTOS.findIndex(({ owner }, number) => number > 4 && owner.id !== swapped.owner.id));
    const stranger = `${flipped.path.slice(0, flipped.path.lastIndexOf('/'))}/stranger.jpg`;

    const ruined = afterRestore<'volume'>(smallImmich(), plotFor('library'), async ({ target }) => {
      await overwrite(target, flipped.path, bitFlipped(await target.read(flipped.path)));
      await silently(target, missing.path, () => target.remove(missing.path));
      await silently(target, stranger, () => target.write(stranger, Buffer.from('who am I?')));
      const [one, other] = [await target.read(swapped.path), await target.read(foreign.path)];
      await overwrite(target, swapped.path, other);
      await overwrite(target, foreign.path, one);
      await target.touch(opened.path, { mode: TAMPERED_MODE });
      await target.touch(touched.path, { mtimeMs: touched.scene.takenMs + DAY_MS });
    });
    const result = await runForTest(ruined);

    const wrong = [flipped, missing, swapped, foreign];
    expectFailed(result, [
      'files of library',
      'file-attributes of library',
      'rows-to-files of database',
      'files-to-rows of library',
    ]);
    expect(subjectsOf(result, 'files of library').toSorted()).toEqual(
      [...wrong.map(({ path }) => path), stranger].toSorted(),
    );
    expect(subjectsOf(result, 'rows-to-files').toSorted()).toEqual(wrong.map(originalOf).toSorted());
    expect(subjectsOf(result, 'files-to-rows')).toEqual([stranger]);
    expect(checkOf(result, 'file-attributes of library').findings).toMatchObject(
      [
        { subject: opened.path, actual: 'mode 0604' },
        { subject: touched.path, actual: expect.stringMatching(/^changed at /) },
      ].toSorted((a, b) => (a.subject < b.subject ? -1 : 1)),
    );
  });
});

describe('a database that comes back with other rows or another schema', () => {
  it('is caught row by row and object by object', async () => {
    const [lost, changed, bare] = [photo(0), photo(1), photo(2)];
    let album = '';
    const ruined = afterRestore<'postgres'>(smallImmich(), plotFor('database'), async ({ target }) => {
      const restored = await target.start();
      const [first] = await restored.query<{ id: string }>(
        'SELECT id FROM album WHERE "deletedAt" IS NULL ORDER BY id',
      );
      album = first?.id ?? '';
      await quietly(restored, [
        `DELETE FROM asset WHERE id = '${lost.id}'`,
        `UPDATE asset SET "isFavorite" = NOT "isFavorite" WHERE id = '${changed.id}'`,
        `DELETE FROM asset_exif WHERE "assetId" = '${bare.id}'`,
        `DELETE FROM album WHERE id = '${album}'`,
      ]);
      await restored.query('DROP INDEX asset_checksum_idx');
      await restored.query('ALTER TABLE asset_exif DROP CONSTRAINT "asset_exif_assetId_fkey"');
      await restored.query('ALTER TABLE asset DISABLE TRIGGER "asset_updatedAt"');
    });
    const result = await runForTest(ruined);

    expect(album).not.toBe('');
    expectFailed(result, [
      'rows of database',
      'schema of database',
      'inventory of database',
      'files-to-rows of library',
    ]);
    expect(subjectsOf(result, 'rows').toSorted()).toEqual(
      [
        `table album row ${album}`,
        `asset ${changed.id}`,
        `asset ${lost.id}`,
        `table asset_exif row ${bare.id}`,
      ].toSorted(),
    );
    expect(checkOf(result, 'rows').actual).toContain('asset (1 missing, 1 changed)');
    expect(subjectsOf(result, 'schema')).toEqual([
      'constraint asset_exif_assetId_fkey on asset_exif on asset_exif',
      'index asset_checksum_idx on asset',
      'trigger asset_updatedAt on asset on asset',
    ]);
    expect(checkOf(result, 'schema').findings.at(-1)?.actual).toMatch(/enabled D$/);
    expect(subjectsOf(result, 'inventory')).toContain('albums');
    expect(subjectsOf(result, 'files-to-rows')).toContain(lost.path);
  });
});
