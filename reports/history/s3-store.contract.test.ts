import { expect, it } from 'vitest';
import { S3_SERVERS } from '../../harness/machine/object-store/s3-servers.ts';
import { openLocalForTest } from '../../harness/substrates/local/testing/open-local.ts';
import { sampleSummary } from '../samples/history.ts';
import { samples } from '../samples/samples.ts';
import { S3History } from './s3-store.ts';
import { verifyHistory } from './verify.ts';

const WRITERS = 6;

it.each(S3_SERVERS)('a history on %s takes records from several writers at once, and shows tampering', async (s3) => {
  await using local = await openLocalForTest({ s3 });
  const bucket = await local.substrate.bucket('history');
  const env = {
    AWS_ENDPOINT_URL: bucket.endpoint,
    AWS_REGION: bucket.region,
    AWS_ACCESS_KEY_ID: bucket.accessKey.reveal(),
    AWS_SECRET_ACCESS_KEY: bucket.secretKey.reveal(),
  };
  const open = () => new S3History(`s3://${bucket.name}/nightly/drills/`, env);
  expect(verifyHistory(await open().read()).state).toBe('empty');

  const runs = Array.from({ length: WRITERS }, (_, hour) => sampleSummary(new Date(Date.UTC(2026, 2, 1, hour))));
  await Promise.all(runs.map((run) => open().append(run)));
  await open().append(sampleSummary(new Date(Date.UTC(2026, 2, 2)), { result: samples.failed }));
  const whole = verifyHistory(await open().read());
  expect(whole).toMatchObject({ state: 'whole', problems: [] });
  expect(
    whole.entries
      .map(({ run }) => run.id)
      .slice(0, WRITERS)
      .sort(),
  ).toEqual(runs.map(({ run }) => run.id).sort());
  expect(whole.entries).toHaveLength(WRITERS + 1);

  const key = 'nightly/drills/0000000007.json';
  const red = await bucket.get(key);
  await bucket.put(key, Buffer.from(Buffer.from(red).toString().replace('"verdict":"fail"', '"verdict":"pass"')));
  expect(verifyHistory(await open().read()).problems).toMatchObject([{ what: expect.stringMatching(/changed/) }]);
  await bucket.remove(key);
  expect(verifyHistory(await open().read()).problems).toMatchObject([{ what: expect.stringMatching(/cut off/) }]);
});
