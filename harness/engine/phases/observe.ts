import { createHash } from 'node:crypto';
import { DrillError } from '../../model/error.ts';
import type { StoredObject } from '../../model/manifest.ts';
import { type Bucket, World } from '../../model/target.ts';
import { holdsRows } from '../../model/workload.ts';
import { describeFailure } from '../failure.ts';
import { findLeaks } from '../leaks.ts';
import { observeComponent, observeWorkload } from '../observe-component.ts';
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
  // What was not restored cannot be asked; to ask what the disaster left of it would blame the harness.
  const readable = new World(seen.map((component) => [component, world.target(component)]));
  const { workload } = state.drill;
  const asked = workload.components.find((one) => holdsRows(one) && readable.has(one.name));
  await attempt(state, asked?.name, () => observeWorkload(state.folder, 'after', readable, workload));
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
    const failure = describeFailure(unanswered(error), { phase: 'observe', ...where, casualties, interrupted: false });
    state.failures.push(failure);
    state.journal.write('failure', { failure });
  }
}

/** What Postgres says of its own data: damaged (XX), not as it was (42), not readable as it was written (22). */
const OF_THE_DATA = /^(?:XX|42|22)[0-9A-Z]{3}$/;

/** Before the backup the same questions were answered: when what was restored has no answer, it is not the harness' fault. */
function unanswered(error: unknown): unknown {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (error instanceof DrillError || typeof code !== 'string' || !OF_THE_DATA.test(code)) return error;
  return new DrillError({
    code: 'restored-unreadable',
    where: 'run/observe',
    what: `What was restored does not answer as it did before the backup: ${String(message)}.`,
    next: 'see in the checks of rows and schema what is missing.',
    blame: 'backup',
    cause: error,
  });
}

async function observeStore(state: RunState): Promise<void> {
  const bucket = given(state.bucket, 'the bucket');
  const keys = state.receipts.flatMap(({ objects }) => objects.map(({ key }) => key));
  const present = new Set<string>();
  await state.folder.record('after', 'store', 'objects', noting(bucket.list(), new Set(keys), present));
  const stored: Record<string, string> = {};
  for (const key of keys) stored[key] = present.has(key) ? await digestOf(bucket, key) : 'missing';
  state.stored = stored;
  const leaks = await findLeaks(state);
  if (leaks) state.leaks = leaks;
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
