import { existsSync } from 'node:fs';
import { utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { scratchFolder } from './fakes/fake-program.ts';
import { withLock } from './lock.ts';

test('only one works at a time, and the lock is gone afterwards', async () => {
  const file = join(await scratchFolder(), 'locks', 'greet');
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
  };
  await Promise.all([withLock(file, work), withLock(file, work), withLock(file, work)]);
  expect(most).toBe(1);
  expect(existsSync(file)).toBe(false);
});

test('it is released after an error', async () => {
  const file = join(await scratchFolder(), 'greet');
  await expect(withLock(file, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await withLock(file, async () => 'next')).toBe('next');
});

test('the lock of a dead process is taken over', async () => {
  const file = join(await scratchFolder(), 'greet');
  const child = execa('true');
  const { pid } = child;
  await child;
  await writeFile(file, JSON.stringify({ token: 'old', pid, host: hostname() }));
  expect(await withLock(file, async () => 'mine')).toBe('mine');
});

test('the lock of another machine is taken over when it has shown no life for long', async () => {
  const file = join(await scratchFolder(), 'greet');
  await writeFile(file, JSON.stringify({ token: 'old', pid: 1, host: 'elsewhere' }));
  const longAgo = new Date(Date.now() - 3_600_000);
  await utimes(file, longAgo, longAgo);
  expect(await withLock(file, async () => 'mine')).toBe('mine');
});

test('the lock of a living process is waited for, until the user has enough', async () => {
  const file = join(await scratchFolder(), 'greet');
  await writeFile(file, JSON.stringify({ token: 'theirs', pid: process.pid, host: hostname() }));
  const user = new AbortController();
  const told: string[] = [];
  const waiting = (holder: string) => {
    told.push(holder);
    user.abort(new Error('enough'));
  };
  const work = () => Promise.reject(new Error('must not run'));
  await expect(withLock(file, work, { signal: user.signal, waiting })).rejects.toThrow('enough');
  expect(told).toEqual([`process ${process.pid} on ${hostname()}`]);
});

test('a folder that cannot hold a lock is an error at once', async () => {
  const file = join(await scratchFolder(), 'greet');
  await writeFile(file, '');
  await expect(withLock(join(file, 'below'), async () => 'x')).rejects.toThrow(/EEXIST|ENOTDIR/);
});
