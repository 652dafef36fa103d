import { createHash } from 'node:crypto';
import type { StoredObject } from '../../model/manifest.ts';
import type { Bucket } from '../../model/target.ts';
import { describeFailure } from '../failure.ts';
import { findLeaks } from '../leaks.ts';
import { observeComponent, observeWorkload } from '../observe/observe.ts';
import { type AnyRunState, given, keysOf, type RunState } from '../run-state.ts';
import { untilServing } from './serve.ts';
import { stillGone } from './strike.ts';

/** Reads everything again: what was restored, what the disaster spared, and what the backup store holds. */
export async function observe(state: RunState): Promise<string> {
  const world = given(state.restored, 'the restored world');
  const failed = new Set(state.failures.map(({ component }) => component));
  const seen = world.names.filter((component) => !failed.has(component) || state.halfRestored.includes(component));
  for (const component of seen) {
    state.listener.step(`reading ${component}`);
    await attempt(state, component, () =>
      observeComponent(state.folder, 'after', world, component, keysOf(state, component)),
    );
  }
  await attempt(state, 'database', () => observeWorkload(state.folder, 'after', world, state.drill.workload));
  await attempt(state, undefined, () => stillGone(state));
  await attempt(state, undefined, () => observeStore(state));
  // Only now: it may change what was restored.
  if (state.wholeAgain && state.drill.workload.server?.writes) await untilServing(state);
  return `${seen.length} components and the backup store`;
}

/** What cannot be read stays unobserved, which judges call unknown; the rest is read all the same. */
export async function attempt(
  state: AnyRunState,
  component: string | undefined,
  look: () => Promise<unknown>,
): Promise<void> {
  try {
    await look();
  } catch (error) {
    if (state.signal.aborted) throw error;
    const casualties = state.substrate?.casualties() ?? [];
    const where = component === undefined ? {} : { component };
    const failure = describeFailure(error, { phase: 'observe', ...where, casualties, interrupted: false });
    state.failures.push(failure);
    state.journal.write('failure', { failure });
  }
}

async function observeStore(state: RunState): Promise<void> {
  const bucket = given(state.bucket, 'the bucket');
  const keys = state.receipts.flatMap(({ objects }) => objects.map(({ key }) => key));
  const present = new Set<string>();
  await state.folder.record('after', 'store', 'objects', noting(bucket.list(), new Set(keys), present));
  const stored: Record<string, string> = {};
  for (const key of keys) stored[key] = present.has(key) ? await digestOf(bucket, key) : 'missing';
  state.stored = stored;
  state.leaks = await findLeaks(state);
}

async function* noting(
  objects: AsyncIterable<StoredObject>,
  wanted: ReadonlySet<string>,
  present: Set<string>,
): AsyncGenerator<StoredObject> {
  for await (const object of objects) {
    if (wanted.has(object.key)) present.add(object.key);
    yield object;
  }
}

/** Piece by piece: a dump can be larger than memory. */
async function digestOf(bucket: Bucket, key: string): Promise<string> {
  const sha256 = createHash('sha256');
  for await (const chunk of bucket.read(key)) sha256.update(chunk);
  return sha256.digest('hex');
}
