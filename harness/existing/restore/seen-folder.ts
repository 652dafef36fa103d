import { DrillError } from '../../model/error.ts';
import type { KeptSnapshot } from '../../model/snapshots.ts';
import type { SeenFolder, SeenSnapshot } from '../../model/source.ts';
import type { Substrate } from '../../model/substrate.ts';

/** A folder of this machine as jobs of a substrate see it, to read. */
export async function seenFolder(substrate: Pick<Substrate, 'folder'>, path: string): Promise<SeenFolder> {
  const volume = await substrate.folder?.(path);
  return volume ? { path: volume.path, volumes: [{ volume, readOnly: true }] } : { path, volumes: [] };
}

/** A VolumeSnapshot as jobs of a substrate see it, to read. */
export async function seenSnapshot(
  { name, snapshots }: Pick<Substrate, 'name' | 'snapshots'>,
  kept: KeptSnapshot,
): Promise<SeenSnapshot> {
  if (!snapshots)
    throw new DrillError({
      code: 'snapshots-missing',
      where: `substrate/${name}`,
      what: `The substrate ${name} has no snapshots of volumes.`,
      next: 'drill it with --on cluster, in the cluster whose storage keeps the snapshot.',
      blame: 'usage',
    });
  const { volume, ...told } = await snapshots.openKept(kept);
  return { ...told, path: volume.path, volumes: [{ volume, readOnly: true }] };
}
