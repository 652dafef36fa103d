import type { ListedFile } from '../../model/manifest.ts';
import type { Part } from '../../model/source.ts';

const BLOCK_BYTES = 4096;

/** Files that are restored together, and what they will take on the disk. */
export interface Batch extends Part {
  readonly diskBytes: number;
}

/** How large a batch may be; asked before each. */
export interface BatchLimits {
  roomBytes(): Promise<number>;
  readonly maxFiles: number;
}

/** Cuts a sorted list into batches that fit; one file at least is in each, whether it fits or not. */
export async function* partByPart(
  listed: AsyncIterable<ListedFile>,
  limits: BatchLimits,
  first?: string,
): AsyncGenerator<Batch> {
  let before = first;
  let paths: string[] = [];
  let diskBytes = 0;
  let roomBytes = await limits.roomBytes();
  for await (const { path, sizeBytes } of listed) {
    const takes = diskSize(path, sizeBytes, paths.at(-1));
    if (paths.length > 0 && (paths.length >= limits.maxFiles || diskBytes + takes > roomBytes)) {
      yield { paths, diskBytes, between: { before, after: path } };
      before = paths.at(-1);
      paths = [];
      diskBytes = 0;
      roomBytes = await limits.roomBytes();
    }
    // The first of a batch needs all of its folders.
    diskBytes += paths.length === 0 ? diskSize(path, sizeBytes) : takes;
    paths.push(path);
  }
  if (paths.length > 0) yield { paths, diskBytes, between: { before, after: undefined } };
}

/** What a file takes in whole blocks, with the folders that the one before it has not brought, and its line in a list. */
export function diskSize(path: string, sizeBytes: number, before = ''): number {
  const [folders, others] = [path, before].map((one) => one.split('/').slice(0, -1)) as [string[], string[]];
  let shared = 0;
  while (shared < folders.length && folders[shared] === others[shared]) shared += 1;
  const blocks = Math.ceil(sizeBytes / BLOCK_BYTES) + folders.length - shared;
  return blocks * BLOCK_BYTES + path.length;
}
