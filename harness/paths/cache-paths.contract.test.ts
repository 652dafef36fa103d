import { describe, expect, it } from 'vitest';
import type { BackupPath } from '../model/path.ts';
import type { Cache } from '../model/target.ts';
import { contextForTest, openLocalForTest } from '../substrates/local/testing/open-local.ts';
import { redisRdb } from './redis-rdb.ts';

const PATHS: Record<string, BackupPath<'redis'>> = { 'redis-rdb': redisRdb() };
const LATER_MS = 4_102_444_800_000;

async function fill(cache: Cache): Promise<void> {
  await cache.command('SET', 'counter', '41');
  await cache.command('SET', 'bytes\r\n\0key', 'naïve — 写真');
  await cache.command('HSET', 'job:1', 'name', 'thumbnail', 'data', '{"id":1}');
  await cache.command('RPUSH', 'wait', '3', '1', '2');
  await cache.command('SADD', 'set', 'b', 'a');
  await cache.command('ZADD', 'delayed', '1.5', 'x', '-2', 'y');
  await cache.command('XADD', 'events', '1-1', 'event', 'added');
  await cache.command('SET', 'session', 'short-lived', 'PXAT', String(LATER_MS));
}

describe.each(Object.entries(PATHS))('cache path %s', (_, path) => {
  it('brings back every key with its value and expiry, and nothing written later', async () => {
    await using local = await openLocalForTest();
    const context = await contextForTest(local, 'redis');
    const source = await (await local.substrate.redis('redis')).start();
    await fill(source);
    const before = await Array.fromAsync(source.keys());
    expect(before).toHaveLength(8);
    const receipt = await path.backup({ ...context, source });
    await source.command('SET', 'later', '1');
    await source.destroy();
    for (const { key, sizeBytes, sha256 } of receipt.objects) {
      expect(sizeBytes, key).toBeGreaterThan(0);
      expect(sha256, key).toMatch(/^[0-9a-f]{64}$/);
    }
    const target = await local.substrate.redis('redis-restored');
    await path.restore({ ...context, receipt, target });
    expect(await Array.fromAsync((await target.start()).keys())).toEqual(before);
  });

  it('fails when what it stored is gone', async () => {
    await using local = await openLocalForTest();
    const context = await contextForTest(local, 'redis');
    const source = await (await local.substrate.redis('redis')).start();
    await fill(source);
    const receipt = await path.backup({ ...context, source });
    for (const { key } of receipt.objects) await context.bucket.remove(key);
    const target = await local.substrate.redis('redis-restored');
    await expect(path.restore({ ...context, receipt, target })).rejects.toMatchObject({ blame: 'backup' });
  });
});
