import { appendFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { complaintsOf, saidOf } from '../testing/complaints.ts';
import { expectTruth } from '../testing/drill-own.ts';
import { describeOwnOnKind, toolAt } from '../testing/own-on-kind.ts';
import { DATA } from '../testing/real-library.ts';

const DRILL_BUDGET_MS = 10 * 60_000;

describeOwnOnKind((own) => {
  it(
    'a bucket that rclone has filled, with the dump that Immich itself left in it',
    async () => {
      const media = own.at('v3.1.0');
      mkdirSync(media);
      await execa('tar', ['--extract', '--file', join(DATA, 'immich-v3.1.0/media.tar.gz'), '--directory', media]);
      const remote = `:s3,provider=Other,env_auth=true,endpoint='${own.proxy.endpoint}',region=us-east-1:photos/media`;
      await execa(await toolAt('rclone'), ['copy', media, remote], { env: own.keys() });
      const secrets = { accessKey: { env: 'OWN_KEY' }, secretKey: { env: 'OWN_SECRET' } };
      const bucket = { endpoint: own.proxy.endpoint, name: 'photos', prefix: 'media', ...secrets };
      const result = await own.drill({ library: { bucket }, database: { inLibrary: 'backups' } });
      expect(complaintsOf(result), saidOf(result)).toEqual([]);
      expect(result).toMatchObject({ verdict: 'pass', facts: { assets: 49, users: 2 } });
    },
    DRILL_BUDGET_MS,
  );

  it(
    'a folder of this machine, with a dump in the directory format',
    async () => {
      own.mirror();
      await own.drill(own.mirrored(), (result) => expectTruth(result, own.library.truth));
    },
    DRILL_BUDGET_MS,
  );

  it(
    'a folder of this machine, whose files and rows were broken, with a dump in the directory format',
    async () => {
      own.mirror();
      const [lost, changed, orphan] = own.library.truth.assets.filter(({ path }) => /\/(upload|library)\//.test(path));
      const file = (path = '') => own.at('mirror', path.replace('/data/', ''));
      rmSync(file(lost?.path));
      appendFileSync(file(changed?.path), 'x');
      await own.library.dump(
        'dumps/broken',
        ['--format=directory'],
        [
          `DELETE FROM asset WHERE id = '${orphan?.id}'`,
          `DELETE FROM kysely_migrations WHERE name = '1752759108283-ConvertToAbsolutePaths'`,
        ],
      );
      const config = { ...own.mirrored(), database: { folder: own.at('v2.7.5/dumps'), dump: 'broken' } };
      const result = await own.drill(config);
      expect(result).toMatchObject({ verdict: 'fail', exitCode: 1 });
      expect(complaintsOf(result)).toEqual(
        expect.arrayContaining(['files-to-rows of library', 'originals of library', 'version of database']),
      );
      expect(saidOf(result)).toMatch(new RegExp(`asset ${lost?.id}.*found missing`));
      expect(saidOf(result)).toMatch(new RegExp(`asset ${changed?.id}.*SHA-1`));
      expect(saidOf(result)).toContain(`${orphan?.path.replace('/data/', '')}: expected a row that speaks of it`);
      expect(saidOf(result)).toMatch(/migration 1752759108283-ConvertToAbsolutePaths/);
    },
    DRILL_BUDGET_MS,
  );

  it(
    'a physical copy of the server, as archives',
    async () => {
      own.mirror();
      const folder = await own.library.baseBackup('copy', ['--format=tar', '--gzip']);
      cpSync(folder, own.at('v2.7.5/dumps/copy'), { recursive: true });
      const database = { folder: own.at('v2.7.5/dumps'), path: 'copy', baseBackup: {} };
      await own.drill({ ...own.mirrored(), database }, (result) => expectTruth(result, own.library.truth));
    },
    DRILL_BUDGET_MS,
  );

  it(
    'are taken to a newer version in a pod',
    async () => {
      own.mirror();
      const whole = await own.upgrade();
      expect(complaintsOf(whole), saidOf(whole)).toEqual([]);
      expect(whole).toMatchObject({ verdict: 'pass', exitCode: 0, facts: { 'rehearsed version': 'v3.1.0' } });
    },
    DRILL_BUDGET_MS,
  );
});
