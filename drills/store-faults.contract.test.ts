import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { SECRETS_FILE } from '../fixtures/immich/seeding/config.ts';
import { originalOf, photosOf } from '../fixtures/sabotage/means/photos.ts';
import type { BackupPath } from '../harness/model/path.ts';
import { Secret } from '../harness/model/secret.ts';
import { encryptedExport } from '../harness/paths/encrypted-export.ts';
import { redisRdb } from '../harness/paths/redis-rdb.ts';
import { restic } from '../harness/paths/restic.ts';
import { runForTest } from '../harness/run/testing/run-for-test.ts';
import { LIBRARY, smallImmich, smallImmichWith } from './testing/small-immich.ts';
import { afterBackup, afterRestore, overwrite } from './testing/tamper.ts';
import { allSubjects, checkOf, expectFailed, subjectsOf } from './testing/verdicts.ts';

const SECRETS = ['immich-database-app/password', 'immich-oauth/client-secret', 'immich-oauth/smtp-password'];
const QUEUE = 'immich_bull:metadataExtraction';

it('a wrong password of the restic repository', async () => {
  const real = restic({ check: false });
  const library: BackupPath<'volume'> = {
    ...real,
    restore: (context) => real.restore({ ...context, secret: (name) => new Secret(name, 'not the password') }),
  };
  const result = await runForTest(smallImmichWith({ library }));

  expect(result).toMatchObject({ verdict: 'fail', exitCode: 1 });
  expect(result.failures).toMatchObject([
    { phase: 'restore', component: 'library', code: 'job-failed', verdict: 'fail' },
  ]);
  expect(result.failures[0]?.message).toMatch(/restic ended with exit code 12/);
  expect(result.failures[0]?.tail).toMatch(/wrong password or no key found/);
  expect(checkOf(result, 'rows').verdict).toBe('pass');
  expect(checkOf(result, 'files of library').verdict).not.toBe('pass');
});

it('a restic repository without one of its packs', async () => {
  let lost = '';
  const library = afterBackup(restic({ check: false }), async (receipt, { bucket }) => {
    const packs = await Array.fromAsync(bucket.list('restic/library/data/'));
    lost = packs.toSorted((a, b) => b.sizeBytes - a.sizeBytes)[0]?.key ?? '';
    await bucket.remove(lost);
    return receipt;
  });
  let missing: string[] = [];
  const result = await runForTest(smallImmichWith({ library }), {}, (run) => {
    missing = allSubjects(run, 'rows-to-files');
  });

  expect(lost).not.toBe('');
  expect(result).toMatchObject({ verdict: 'fail', exitCode: 1 });
  expect(result.failures).toMatchObject([{ phase: 'restore', component: 'library', code: 'job-failed' }]);
  // What is left of the library is looked at all the same, and each photo that is lost has its name.
  expect(missing).toEqual(expect.arrayContaining(photosOf(LIBRARY.scale).map(originalOf)));
  expect(checkOf(result, 'files of library').verdict).toBe('fail');
  expect(checkOf(result, 'rows').verdict).toBe('pass');
});

it('a plain secret in the store, objects lost and changed there, and other keys and settings after the restore', async () => {
  const stored: string[] = [];
  const exported = afterBackup(encryptedExport(), async (receipt, { bucket, source }) => {
    const plain = await source.read(SECRETS_FILE);
    await bucket.put('notes/secrets.yaml', plain);
    await bucket.put('notes/secrets.yaml.gz', gzipSync(plain));
    return receipt;
  });
  const config = afterRestore(exported, async ({ target, bucket, receipt }) => {
    await overwrite(target, 'values.yaml', Buffer.from('immich: {}\n'));
    for (const { key } of receipt.objects) await bucket.remove(key);
    stored.push(...receipt.objects.map(({ key }) => key));
  });
  const redis = afterRestore(redisRdb(), async ({ target, bucket, receipt }) => {
    const cache = await target.start();
    await cache.command('DEL', `${QUEUE}:meta`);
    await cache.command('HSET', `${QUEUE}:1`, 'attempts', '9');
    await cache.command('SET', 'stranger', '1');
    for (const { key } of receipt.objects) await bucket.put(key, Buffer.from('not an RDB'));
    stored.push(...receipt.objects.map(({ key }) => key));
  });
  const result = await runForTest(smallImmich({ paths: { config, redis } }));

  expectFailed(result, ['secrets-sealed of all', 'backup-set of all', 'keys of redis', 'files of config']);
  const readable = ['notes/secrets.yaml', 'notes/secrets.yaml.gz'].flatMap((object) =>
    SECRETS.map((name) => [`secret config/${name}`, `readable in ${object}`]),
  );
  const found = checkOf(result, 'secrets-sealed').findings.map(({ subject, actual }) => [subject, actual]);
  expect(found.toSorted()).toEqual(readable.toSorted());
  expect(subjectsOf(result, 'backup-set').toSorted()).toEqual(stored.toSorted());
  expect(checkOf(result, 'backup-set').findings.map(({ actual }) => actual)).toContain('missing');
  expect(subjectsOf(result, 'keys')).toEqual([`key ${QUEUE}:1`, `key ${QUEUE}:meta`, 'key stranger']);
  expect(subjectsOf(result, 'files of config')).toEqual(['values.yaml']);
});
