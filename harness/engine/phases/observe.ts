import { createHash } from 'node:crypto';
import type { Drill } from '../../model/drill.ts';
import { DrillError } from '../../model/error.ts';
import type { StoredObject } from '../../model/manifest.ts';
import { type Bucket, World } from '../../model/target.ts';
import { findLeaks } from '../leaks.ts';
import { given, keysOf, type Opened, type Part, storeOf } from '../made.ts';
import { noteFailure } from '../note-failure.ts';
import { componentsWithRows, observeComponent, observeReferences } from '../observe-component.ts';
import type { Run } from '../run.ts';
import { untilServing } from './serve.ts';
import { stillGone } from './strike.ts';

type Observe = Part<'opened' | 'provisioned' | 'backedUp', 'recorded' | 'struck' | 'restored' | 'observed', Drill>;

/** Reads everything again: what was restored, what the disaster spared, and what the backup store holds. */
export async function observe(run: Run, made: Observe): Promise<string> {
  const { opened, recorded, restored } = made;
  const { folder, log, listener } = run;
  const { workload } = opened.drill;
  const world = given(restored.world, 'the restored world');
  const failed = new Set(log.failures.map(({ component }) => component));
  const seen = world.names.filter((component) => !failed.has(component) || restored.half.includes(component));
  for (const component of seen) {
    listener.step(`reading ${component}`);
    await attempt(run, opened, component, () =>
      observeComponent(folder, 'after', world, component, keysOf(recorded, component)),
    );
  }
  // What was not restored cannot be asked; to ask what the disaster left of it would blame the harness.
  const readable = new World(seen.map((component) => [component, world.target(component)]));
  for (const component of componentsWithRows(workload, readable))
    await attempt(run, opened, component, () => observeReferences(folder, 'after', readable, component, workload));
  await attempt(run, opened, undefined, () => stillGone(run, made));
  await attempt(run, opened, undefined, () => observeStore(run, made));
  // Only now: it may change what was restored.
  if (restored.isComplete && workload.server?.writes) await untilServing(run, made);
  return `${seen.length} components and the backup store`;
}

/** What cannot be read stays unobserved, which judges call unknown; the rest is read all the same. */
export async function attempt(
  run: Run,
  opened: Readonly<Opened>,
  component: string | undefined,
  look: () => Promise<unknown>,
): Promise<void> {
  try {
    await look();
  } catch (error) {
    if (run.signal.aborted) throw error;
    noteFailure(run, opened, unanswered(error), { phase: 'observe', ...(component !== undefined && { component }) });
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

async function observeStore(run: Run, made: Observe): Promise<void> {
  const { backedUp, observed } = made;
  const { bucket } = storeOf(made);
  const keys = backedUp.receipts.flatMap(({ objects }) => objects.map(({ key }) => key));
  const present = new Set<string>();
  await run.folder.record('after', 'store', 'objects', noting(bucket.list(), new Set(keys), present));
  const stored: Record<string, string> = {};
  for (const key of keys) stored[key] = present.has(key) ? await digestOf(bucket, key) : 'missing';
  observed.stored = stored;
  const leaks = await findLeaks(bucket, run);
  if (leaks) observed.leaks = leaks;
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
