import { parentPort } from 'node:worker_threads';
import { type Writing, writeNow } from './write-now.ts';

/** What became of one batch: for each writing its error, as far as an error can be sent, or null. */
export type Outcome = readonly (WriteError | null)[];

export interface WriteError {
  readonly message: string;
  readonly code: string | undefined;
}

parentPort?.on('message', (batch: readonly Writing[]) => {
  const outcome: Outcome = batch.map((writing) => errorOf(writing));
  // Otherwise the bytes stay until the thread collects its garbage, which it does late.
  for (const writing of batch)
    if (writing.kind === 'write' && writing.bytes.buffer instanceof ArrayBuffer) writing.bytes.buffer.transfer(0);
  parentPort?.postMessage(outcome);
});

function errorOf(writing: Writing): WriteError | null {
  try {
    writeNow(writing);
    return null;
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { message, code };
  }
}
