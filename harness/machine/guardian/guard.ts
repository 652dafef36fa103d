import { rmSync, writeSync } from 'node:fs';
import { removeRun } from '../work-folders/remove-run.ts';
import { GUARDED_VARIABLE, type GuardedRun, type Order, READY } from './guarded-run.ts';

const OF_THE_OWNER = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const STDOUT = 1;

/** The program of a guardian: waits until the process is gone that started it, and disposes of its runs that are left. */
const known = JSON.parse(process.env[GUARDED_VARIABLE] ?? '[]') as GuardedRun[];
const guarded = new Map(known.map((run) => [run.folder, run]));
let waiting = '';

function obey(order: Order): void {
  if ('guard' in order) guarded.set(order.guard.folder, order.guard);
  else guarded.delete(order.release);
}

/** All at once, so that a run whose Docker does not answer keeps no other one. */
async function dispose(): Promise<void> {
  const remove = (folder: string) => rmSync(folder, { recursive: true, force: true });
  const runs = [...guarded.values()].map(async (run) => {
    await Promise.allSettled([removeRun(run, remove), removeBuckets(run)]);
    remove(run.making);
  });
  // Whatever cannot be removed, nobody is left to be told of: the next sweep finds it.
  await Promise.allSettled(runs);
}

/** The client is loaded only where there is something to remove with it. */
async function removeBuckets({ runId, store }: GuardedRun): Promise<void> {
  if (!store) return;
  const { removeBucketsOf } = await import('../object-store/outside-store.ts');
  const { Secret } = await import('../../model/secret.ts');
  const accessKey = new Secret('access-key', store.accessKey);
  const secretKey = new Secret('secret-key', store.secretKey);
  await removeBucketsOf({ ...store, accessKey, secretKey, server: 'endpoint' }, runId);
}

// What is meant for the harness must not end what cleans up after it.
for (const name of OF_THE_OWNER) process.on(name, () => {});
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text: string) => {
  const lines = `${waiting}${text}`.split('\n');
  waiting = lines.pop() ?? '';
  for (const line of lines) obey(JSON.parse(line) as Order);
});
for (const end of ['end', 'error'] as const) process.stdin.once(end, () => void dispose().then(() => process.exit()));
try {
  writeSync(STDOUT, READY);
} catch {
  // A harness that is gone already does not listen, and needs its guardian all the more.
}
