import { parentPort } from 'node:worker_threads';
import { describe } from './describe.ts';

/** A batch of paths to read; the answer carries the same `batch` number. */
export interface Batch {
  readonly batch: number;
  readonly root: string;
  readonly paths: readonly string[];
}

parentPort?.on('message', ({ batch, root, paths }: Batch) => {
  try {
    parentPort?.postMessage({ batch, entries: paths.map((path) => describe(root, path)) });
  } catch (error) {
    parentPort?.postMessage({ batch, error: error instanceof Error ? error.message : String(error) });
  }
});
