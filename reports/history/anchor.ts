import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { readText } from '../../harness/model/read-text.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import type { Link } from './entry.ts';
import type { Anchor } from './verify.ts';

const LONGEST_BYTES = 64 * 1024;
const anchorSchema = z.object({ history: z.string(), seq: z.int().min(1), hash: z.string().regex(/^[0-9a-f]{64}$/) });

/**
 * The last record of a history that this account has seen; undefined when it has seen none. It shows that a history was
 * deleted with its head. Whoever can also write to this folder can delete that, too: a lock of S3, the metrics, and the
 * webhook are for that.
 */
export function readAnchor(folder: string | undefined, history: string): Anchor | undefined {
  if (folder === undefined) return undefined;
  const keptIn = fileOf(folder, history);
  let text: string;
  try {
    text = readText(keptIn, LONGEST_BYTES);
  } catch (error) {
    // Where nothing was ever noted there is nothing to be missed.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    return unreadable(keptIn);
  }
  try {
    const { seq, hash } = anchorSchema.parse(JSON.parse(text));
    return { seq, hash, keptIn };
  } catch {
    return unreadable(keptIn);
  }
}

/** Notes the last record of a history; an earlier one than what is noted changes nothing. */
export async function writeAnchor(folder: string | undefined, history: string, { seq, hash }: Link): Promise<void> {
  if (folder === undefined) return;
  const known = readAnchor(folder, history);
  if (known && known.seq >= seq) return;
  await writeAtomically(fileOf(folder, history), `${JSON.stringify({ history, seq, hash })}\n`);
}

/** Matches no record: that an anchor was changed counts as a history that was. */
function unreadable(keptIn: string): Anchor {
  return { seq: Number.MAX_SAFE_INTEGER, hash: '', keptIn };
}

function fileOf(folder: string, history: string): string {
  return join(folder, `${createHash('sha256').update(history).digest('hex').slice(0, 32)}.json`);
}
