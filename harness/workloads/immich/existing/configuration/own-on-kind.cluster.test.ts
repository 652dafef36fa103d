import { execa } from 'execa';
import { expect, it } from 'vitest';
import { expectTruth } from '../testing/drill-own.ts';
import { describeOwnOnKind, PASSWORD, toolAt } from '../testing/own-on-kind.ts';

const WRITES = /^(PUT|DELETE|POST|PATCH)/;
const DRILL_BUDGET_MS = 10 * 60_000;

/** What else lies on kind is drilled at night. */
describeOwnOnKind((own) => {
  it(
    'restic in a bucket, with a dump of pg_dump beside it: every request is a read',
    async () => {
      const repository = `s3:${own.proxy.endpoint}/photos/restic`;
      const env = { ...own.keys(), RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: PASSWORD };
      const dump = await own.library.dump('db/immich-db.dump', ['--format=custom']);
      await execa(await toolAt('restic'), ['init'], { env });
      await execa(await toolAt('restic'), ['backup', own.library.media, dump], { env });
      expect(own.proxy.requests.some((one) => WRITES.test(one))).toBe(true);
      own.proxy.requests.length = 0;
      const secrets = { AWS_ACCESS_KEY_ID: { env: 'OWN_KEY' }, AWS_SECRET_ACCESS_KEY: { env: 'OWN_SECRET' } };
      const place = { restic: { repository, password: { env: 'OWN_PASSWORD' }, env: secrets } };
      const config = { library: place, database: { ...place, dump: 'immich-db.dump' } };
      await own.drill(config, (result) => expectTruth(result, own.library.truth));
      expect(own.proxy.requests.length).toBeGreaterThan(10);
      expect(own.proxy.requests.filter((one) => WRITES.test(one))).toEqual([]);
    },
    DRILL_BUDGET_MS,
  );

  it('a restic repository in a folder, whose password is another, is unknown', async () => {
    const env = { RESTIC_REPOSITORY: own.at('restic'), RESTIC_PASSWORD: PASSWORD };
    await execa(await toolAt('restic'), ['init'], { env });
    const restic = { repository: own.at('restic'), password: { env: 'OWN_WRONG' } };
    const result = await own.drill({ library: { restic }, database: { inLibrary: 'backups' } });
    expect(result).toMatchObject({ verdict: 'unknown', exitCode: 2 });
    expect(result.failures.map(({ code }) => code)).toEqual(['credentials-refused', 'library-not-restored']);
  });
});
