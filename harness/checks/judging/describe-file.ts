import type { FileEntry } from '../../model/manifest.ts';
import { counted } from './wording.ts';

/** What a file, folder or link is, for the two sides of a finding. */
export function describeFile(entry: FileEntry): string {
  if (entry.type === 'directory') return 'folder';
  if (entry.type === 'symlink') return `link to ${entry.target ?? 'nowhere'}`;
  if (entry.type === 'other') return 'neither file, folder nor link';
  return `file of ${counted(entry.sizeBytes, 'byte')}, sha256 ${entry.sha256}`;
}
