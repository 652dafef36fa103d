import { DrillError } from '../../model/error.ts';
import { addressOf, isLoopback } from './addresses-of.ts';
import type { PlaceConfig } from './place-config.ts';

/** Jobs of a cluster are not on this machine: its folders and its own address are others to them. */
export function refuseOutOfReach(
  places: readonly (PlaceConfig | undefined)[],
  folders: readonly string[],
  on: string,
): void {
  const kept = places.flatMap((place) => place?.volumeSnapshot ?? []);
  if (on !== 'cluster' && kept[0])
    throw outOfReach(
      'snapshot-out-of-reach',
      `The configuration names a VolumeSnapshot in the namespace ${kept[0].namespace}, which only the cluster that keeps it can read.`,
      'drill it with --on cluster, and --context for that cluster.',
    );
  if (on === 'local') return;
  // kind makes its node for the run, which can be given folders; a cluster that is there already has its own disks.
  if (on !== 'kind' && folders.length > 0)
    throw outOfReach(
      'folder-out-of-reach',
      `${folders.join(', ')} is a folder of this machine, which jobs on ${on} cannot see.`,
      'drill it with --on local or --on kind, or put the backup where a network reaches it.',
    );
  for (const place of places) {
    const address = place && addressOf(place);
    if (address && isLoopback(address.host))
      throw outOfReach(
        'address-out-of-reach',
        `The backup is at ${address.host}, which is this machine alone: to jobs on ${on} that address is their own.`,
        'name an address that the network knows this machine by, or drill it with --on local.',
      );
  }
}

function outOfReach(code: string, what: string, next: string): DrillError {
  return new DrillError({ code, where: 'cli', what, next, blame: 'usage' });
}
