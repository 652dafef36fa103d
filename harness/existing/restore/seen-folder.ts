import type { SeenFolder } from '../../model/source.ts';
import type { Substrate } from '../../model/substrate.ts';

/** A folder of this machine as jobs of a substrate see it, to read. */
export async function seenFolder(substrate: Pick<Substrate, 'folder'>, path: string): Promise<SeenFolder> {
  const volume = await substrate.folder?.(path);
  return volume ? { path: volume.path, volumes: [{ volume, readOnly: true }] } : { path, volumes: [] };
}
