import { afterAll, describe, expect, it } from 'vitest';
import { observeSchema } from '../../../../kinds/postgres/observe-schema.ts';
import { dockerWithPostgres } from '../../../../substrates/local/testing/container-image.ts';
import { openLocalForTest } from '../../../../substrates/local/testing/open-local.ts';
import { noRealLibraries, RealLibrary } from '../testing/real-library.ts';
import { needed } from './needed-objects.ts';
import { KNOWN_RELEASES, releaseFile } from './release-schema.ts';

const lab = await dockerWithPostgres();
const missing = noRealLibraries() ?? (typeof lab === 'string' ? lab : undefined);
const VERSIONS: Readonly<Record<string, string>> = { 'v2.7': 'v2.7.5', 'v3.1': 'v3.1.0' };

describe.skipIf(missing)(`the schemas of releases${missing ? `: ${missing}` : ''}`, async () => {
  const image = typeof lab === 'string' ? '' : lab.image;
  const env = { ...process.env, DRILL_POSTGRES: 'container', DRILL_POSTGRES_IMAGE: image };
  const local = missing ? undefined : await openLocalForTest({ env });

  afterAll(async () => {
    await local?.[Symbol.asyncDispose]();
  });

  // With `--update` the files are written anew: that is how a release becomes known.
  it.each(KNOWN_RELEASES)('that of $release is what its own server has made', async ({ release, lastMigration }) => {
    if (!local) throw new Error('there is no place to restore to');
    const library = await RealLibrary.open(VERSIONS[release] ?? '', local, image);
    const objects = await observeSchema(library.database);
    const forms = objects.flatMap((object) => {
      const form = needed(object);
      return form === undefined ? [] : [[object.id, form]];
    });
    await expect(`${JSON.stringify(Object.fromEntries(forms), null, 2)}\n`).toMatchFileSnapshot(releaseFile(release));
    const rows = await library.database.query<{ name: string }>(
      'SELECT name FROM kysely_migrations ORDER BY name DESC LIMIT 1',
    );
    expect(rows).toEqual([{ name: lastMigration }]);
  });
});
