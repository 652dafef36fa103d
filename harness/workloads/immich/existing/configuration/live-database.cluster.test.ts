import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dockerWithPostgres } from '../../../../substrates/local/testing/container-image.ts';
import { type LocalForTest, openLocalForTest } from '../../../../substrates/local/testing/open-local.ts';
import { drillOwn, expectTruth } from '../testing/drill-own.ts';
import { noRealLibraries, RealLibrary } from '../testing/real-library.ts';

const PASSWORD = 'a password of their own';
const lab = await dockerWithPostgres();
const missing = noRealLibraries() ?? (typeof lab === 'string' ? lab : undefined);

describe.skipIf(missing)(`a real Immich that runs${missing ? `: ${missing}` : ''}`, () => {
  let local: LocalForTest;
  let library: RealLibrary;
  const image = typeof lab === 'string' ? '' : lab.image;

  beforeAll(async () => {
    vi.stubEnv('DRILL_POSTGRES_IMAGE', image).stubEnv('LIVE_PASSWORD', PASSWORD);
    local = await openLocalForTest({
      env: { ...process.env, DRILL_POSTGRES: 'container', DRILL_POSTGRES_IMAGE: image },
    });
    library = await RealLibrary.open('v3.1.0', local, image);
    await library.change(`CREATE ROLE backup_reader LOGIN PASSWORD '${PASSWORD}'`);
    await library.change('GRANT pg_read_all_data TO backup_reader');
    await library.change(`CREATE ROLE partial LOGIN PASSWORD '${PASSWORD}'`);
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await local?.[Symbol.asyncDispose]();
  });

  const config = (user: string) => ({
    library: { folder: library.media },
    database: { server: { ...library.address, user, password: { env: 'LIVE_PASSWORD' } } },
  });

  it('passes with all that its server knew, dumped by the pg_dump that fits it', async () => {
    const result = await drillOwn(local.folder, config('backup_reader'), (run) => expectTruth(run, library.truth));
    const dumped = result.backups.find(({ component }) => component === 'database');
    expect(dumped?.tools.find(({ program }) => program === 'pg_dump')?.version).toMatch(/^17/);
  });

  it('fails for an account that may not read it', async () => {
    const result = await drillOwn(local.folder, config('partial'));
    expect(result).toMatchObject({ verdict: 'fail', failures: [{ code: 'database-unreadable' }] });
  });
});
