import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import pRetry, { AbortError } from 'p-retry';
import { DrillError } from '../../../model/error.ts';

const HEARTBEAT_MS = 5_000;
const STALE_AFTER_MS = 60_000;
const POLL_MS = 250;
const WAIT_BUDGET_MS = 45 * 60_000;

interface Holder {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
}

/** How to wait for a lock, and what to say when it never comes free. */
export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  readonly waiting?: (holder: string) => void;
  readonly about?: { readonly code: string; readonly where: string; readonly others: string };
  readonly budgetMs?: number;
}

const CACHE = { code: 'cache-locked', where: 'tools/cache', others: 'no other drill is installing programs' };

/**
 * Holds the lock file while `work` runs; other processes wait, and take over when its holder is dead.
 * It spares them the same work twice; that nothing breaks without it is up to atomic renames.
 */
export async function withLock<Result>(
  file: string,
  work: () => Promise<Result>,
  options: LockOptions = {},
): Promise<Result> {
  const me: Holder = { token: randomUUID(), pid: process.pid, host: hostname() };
  await mkdir(dirname(file), { recursive: true });
  await acquire(file, me, options);
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if ((await read(file))?.token === me.token) await rm(file, { force: true });
  }
}

async function acquire(file: string, me: Holder, options: LockOptions): Promise<void> {
  const { about = CACHE, budgetMs = WAIT_BUDGET_MS } = options;
  let told = false;
  const attempt = async () => {
    if (await claim(file, me)) return;
    const holder = await read(file);
    if (await isAbandoned(file, holder)) await takeAway(file, holder);
    else if (!told) {
      told = true;
      options.waiting?.(holder ? `process ${holder.pid} on ${holder.host}` : 'another process');
    }
    if (await claim(file, me)) return;
    throw new Error(`${file} is held by ${holder ? `process ${holder.pid} on ${holder.host}` : 'another process'}`);
  };
  try {
    await pRetry(attempt, {
      retries: Math.ceil(budgetMs / POLL_MS),
      maxRetryTime: budgetMs,
      factor: 1,
      minTimeout: POLL_MS,
      ...(options.signal && { signal: options.signal }),
    });
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw new DrillError({
      code: about.code,
      where: about.where,
      what: `${(cause as Error).message}, and did not come free.`,
      next: `if ${about.others}, delete ${file}.`,
      blame: 'environment',
      cause,
    });
  }
}

async function claim(file: string, me: Holder): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(me), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new AbortError(error as Error);
  }
}

async function read(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

async function isAbandoned(file: string, holder: Holder | undefined): Promise<boolean> {
  if (holder?.host === hostname() && !isAlive(holder.pid)) return true;
  const seen = await stat(file).catch(() => undefined);
  return seen !== undefined && Date.now() - seen.mtimeMs > STALE_AFTER_MS;
}

/** By way of a rename, so that of two who see the same dead holder only one takes its lock away. */
async function takeAway(file: string, holder: Holder | undefined): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  const taken = await read(aside);
  // Somebody else was quicker, and this is their new lock: back with it.
  if (taken?.token !== holder?.token) await rename(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
