import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { openLocalForTest } from '../../harness/substrates/local/testing/open-local.ts';
import { sampleSummary } from '../samples/history.ts';
import { S3History } from './s3-store.ts';
import { verifyHistory } from './verify.ts';

const FEW = 4;
const MANY = 70;

/** Passes everything on, and counts what is read. */
async function countingProxy(target: string) {
  const { hostname, port } = new URL(target);
  const seen = { requests: 0, bytesRead: 0, locks: [] as string[] };
  const server = createServer((incoming, outgoing) => {
    seen.requests += 1;
    const lock = incoming.headers['x-amz-object-lock-mode'];
    if (lock !== undefined) seen.locks.push(`${lock} ${incoming.url}`);
    const { method, url: path, headers } = incoming;
    const passed = ask({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (chunk: Buffer) => {
        seen.bytesRead += chunk.length;
      });
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { endpoint, seen, [Symbol.dispose]: () => server.close() };
}

it('what an append to a history in S3 reads does not grow with the history', async () => {
  await using local = await openLocalForTest();
  const bucket = await local.substrate.bucket('history');
  using proxy = await countingProxy(bucket.endpoint);
  const env = {
    AWS_ENDPOINT_URL: proxy.endpoint,
    AWS_REGION: bucket.region,
    AWS_ACCESS_KEY_ID: bucket.accessKey.reveal(),
    AWS_SECRET_ACCESS_KEY: bucket.secretKey.reveal(),
  };
  const store = new S3History(`s3://${bucket.name}/drills`, env);
  const night = (n: number) => sampleSummary(new Date(Date.UTC(2026, 0, 1) + n * 86_400_000));
  const costOf = async (n: number) => {
    Object.assign(proxy.seen, { requests: 0, bytesRead: 0 });
    await store.append(night(n));
    return { ...proxy.seen };
  };
  for (let n = 0; n < FEW; n += 1) await store.append(night(n));
  const early = await costOf(FEW);
  for (let n = FEW + 1; n < MANY; n += 1) await store.append(night(n));
  const late = await costOf(MANY);
  expect(late.requests).toBeLessThanOrEqual(early.requests);
  expect(late.bytesRead).toBeLessThan(early.bytesRead * 1.2);

  const end = await store.readEnd();
  expect(verifyHistory(end)).toMatchObject({ state: 'whole', problems: [] });
  expect(end.text.split('\n').length).toBeLessThan(MANY - 10);
  const whole = verifyHistory(await store.read());
  expect(whole).toMatchObject({ state: 'whole', problems: [] });
  expect(whole.entries).toHaveLength(MANY + 1);

  // A head whose record is gone is no ground to build on.
  await bucket.remove(`drills/${String(MANY + 1).padStart(10, '0')}.json`);
  await store.append(night(MANY + 1));
  expect(verifyHistory(await store.read()).state).toBe('tampered');

  const locked = new S3History(`s3://${bucket.name}/locked`, { ...env, DRILL_HISTORY_LOCK_DAYS: '30' });
  await locked.append(night(0)).catch(() => {});
  expect(proxy.seen.locks[0]).toMatch(/^COMPLIANCE .*locked\/0000000001\.json/);
});
