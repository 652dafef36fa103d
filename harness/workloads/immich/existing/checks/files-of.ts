import { joinUnique } from '../../../../checks/join/join-sorted.ts';
import { observed } from '../../../../checks/judging/observed.ts';
import type { Tally } from '../../../../checks/judging/tally.ts';
import type { Evidence } from '../../../../model/check.ts';
import type { FileEntry, ListedFile } from '../../../../model/manifest.ts';

/** The files of a library as they were restored, and, when that was a sample, those that the backup lists, without digests. */
export function filesOf(evidence: Evidence, tally: Tally, library: string): AsyncIterable<FileEntry> | undefined {
  const files = observed(evidence, tally, 'after', library, 'files');
  const listed = evidence.list('after', library, 'listed');
  return files && listed ? together(files, listed) : files;
}

async function* together(
  files: AsyncIterable<FileEntry>,
  listed: AsyncIterable<ListedFile>,
): AsyncGenerator<FileEntry> {
  for await (const { left, right } of joinUnique<FileEntry, ListedFile>(files, listed, (item) => item.path)) {
    if (left) yield left;
    else if (right)
      yield { ...UNREAD, path: right.path, sizeBytes: right.sizeBytes, mtimeMs: Date.parse(right.modifiedAt) };
  }
}

const UNREAD = { type: 'file', sha256: '', sha1: '', mode: 0, uid: 0, gid: 0 } as const;
