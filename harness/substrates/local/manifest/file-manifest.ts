import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { DrillError } from '../../../model/error.ts';
import type { FileEntry } from '../../../model/manifest.ts';
import type { Batch } from './describe-worker.ts';
import { walk } from './walk.ts';

const BATCH_PATHS = 64;
/** Batches under way for every worker: enough to keep it busy, few enough to keep memory flat. */
const BATCHES_AHEAD = 3;
/** Files are read through one buffer: more memory would only put off the collection of garbage. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

interface Answer {
  readonly batch: number;
  readonly entries?: readonly FileEntry[];
  readonly error?: string;
}

/** Reads and hashes every entry below `root` with all cores, in the order of paths; memory does not grow with the tree. */
export async function* fileManifest(root: string): AsyncIterable<FileEntry> {
  const workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL('./describe-worker.ts', import.meta.url), { resourceLimits: THREAD_LIMITS }),
  );
  try {
    const batches = pending(root, workers);
    const window: Promise<readonly FileEntry[]>[] = [];
    for (const answer of batches) {
      window.push(answer);
      // Whoever awaits it later sees the error; until then it must not count as unhandled.
      answer.catch(() => {});
      if (window.length >= workers.length * BATCHES_AHEAD) yield* (await window.shift()) ?? [];
    }
    for (const answer of window) yield* await answer;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Hands batches to the workers in turn; each promise gives the entries of one batch. */
function* pending(root: string, workers: readonly Worker[]): Generator<Promise<readonly FileEntry[]>> {
  let batch = 0;
  for (const paths of inBatches(walk(root))) {
    const worker = workers[batch % workers.length];
    if (!worker) return;
    worker.postMessage({ batch, root, paths } satisfies Batch);
    yield answerOf(worker, batch, root);
    batch += 1;
  }
}

async function answerOf(worker: Worker, batch: number, root: string): Promise<readonly FileEntry[]> {
  for (;;) {
    const [answer] = (await once(worker, 'message')) as [Answer];
    if (answer.batch !== batch) continue;
    if (answer.entries) return answer.entries;
    throw new DrillError({
      code: 'manifest-unreadable',
      where: 'manifest/files',
      what: `The manifest of ${root} could not be made: ${answer.error}.`,
      next: 'see whether something else changes or removes files there, and whether the disk reports errors.',
      blame: 'environment',
    });
  }
}

function* inBatches(paths: Iterable<string>): Generator<string[]> {
  let batch: string[] = [];
  for (const path of paths) {
    batch.push(path);
    if (batch.length < BATCH_PATHS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
