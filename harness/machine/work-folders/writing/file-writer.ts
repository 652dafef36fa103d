import { Worker } from 'node:worker_threads';
import type { FileAttributes } from '../../../model/target.ts';
import type { Writing } from './write-now.ts';
import type { Outcome } from './write-worker.ts';

/** The thread only passes bytes on: more memory would only put off its garbage collection. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

interface Waiting {
  readonly writing: Writing;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Writes files in a thread of its own, in the order in which they come: making a library and writing it down keeps two
 * cores busy instead of one. Whatever comes in one turn of the event loop goes over together.
 */
export class FileWriter {
  #worker: Worker | undefined;
  #waiting: Waiting[] = [];
  /** Batches under way, oldest first; answers come in the same order. */
  readonly #batches: Waiting[][] = [];

  /** Writes a file; settles when that is done. The bytes may be used again at once. */
  write(full: string, bytes: Uint8Array, attributes: FileAttributes): Promise<void> {
    return this.#add({ kind: 'write', full, bytes: new Uint8Array(bytes), attributes });
  }

  /** Sets mode, owner or time, making what ends in `/` as a folder. */
  touch(full: string, attributes: FileAttributes): Promise<void> {
    return this.#add({ kind: 'touch', full, attributes });
  }

  /** Removes a file or a whole tree, where it is there. */
  remove(full: string): Promise<void> {
    return this.#add({ kind: 'remove', full });
  }

  #add(writing: Writing): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#send());
      this.#waiting.push({ writing, resolve, reject });
    });
  }

  #send(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#batches.push(batch);
    const writings = batch.map(({ writing }) => writing);
    const buffers = writings.flatMap((one) => (one.kind === 'write' ? [one.bytes.buffer as ArrayBuffer] : []));
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage(writings, buffers);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./write-worker.ts', import.meta.url), { resourceLimits: THREAD_LIMITS });
    worker.on('message', (outcome: Outcome) => {
      for (const [index, { resolve, reject }] of (this.#batches.shift() ?? []).entries()) {
        const error = outcome[index];
        if (error) reject(Object.assign(new Error(error.message), { code: error.code }));
        else resolve();
      }
      // An idle thread must not keep the process.
      if (this.#batches.length === 0) worker.unref();
    });
    worker.on('error', (error) => this.#lost(error));
    return worker;
  }

  /** The thread is gone: nothing that it had can be said to be written. The next write starts another one. */
  #lost(error: unknown): void {
    this.#worker = undefined;
    for (const { reject } of this.#batches.splice(0).flat()) reject(error);
  }
}

/** One for the whole process: a second one would only take cores from whoever makes the bytes. */
export const fileWriter = new FileWriter();
