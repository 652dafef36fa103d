import type { BackupCopy, CopiedFile } from '../../../../../existing/sabotage/own-sabotage.ts';
import type { Reference } from '../../../../../model/manifest.ts';
import { MARKER } from '../../../layout.ts';
import { ORIGINAL } from '../../references.ts';

/** Originals that rows speak of and that are there with something in them, in the order of their paths. */
export function originalsOf({ tracked, files }: BackupCopy): Reference[] {
  const filled = new Set(files.filter(({ sizeBytes }) => sizeBytes > 1).map(({ path }) => path));
  return tracked.filter(({ kind, regenerable, path }) => kind === ORIGINAL && !regenerable && filled.has(path));
}

/** The original that lies so far from the first to the last: another one for each way. */
export function originalAt(copy: BackupCopy, share: number): string {
  const all = originalsOf(copy);
  return all[Math.min(all.length - 1, Math.floor(all.length * share))]?.path ?? '';
}

/** Other files that rows speak of: sidecars, avatars. */
export function filesOfKind({ tracked }: BackupCopy, kind: string): Reference[] {
  return tracked.filter((one) => one.kind === kind && !one.regenerable);
}

/** Previews and small images. */
export function thumbnailsOf({ files }: BackupCopy): CopiedFile[] {
  return files.filter(({ path }) => path.startsWith('thumbs/') && !path.endsWith(MARKER));
}

/** The answer of `fits` for what is there or is not. */
export function fitsWhen(isThere: boolean, otherwise: string): true | string {
  return isThere || otherwise;
}
