import { type AssetPlan, assetAt } from '../../fixtures/immich/plan/asset-plan.ts';
import { usersOf } from '../../fixtures/immich/plan/users.ts';
import type { Scale } from '../../harness/model/workload.ts';

/**
 * Ordinary photos of a library, each with a file and a checksum of its own, oldest uploads first; without the first and
 * the last of each user, at which the workload may look when it says whether it serves.
 */
export function photosOf(scale: Scale): AssetPlan[] {
  const users = usersOf(scale.seed, scale.users);
  const photos = Array.from({ length: scale.assets }, (_, index) => assetAt(scale, users, index)).filter(isOrdinary);
  photos.sort((a, b) => a.uploadedMs - b.uploadedMs);
  const ends = users.flatMap(({ id }) => {
    const own = photos.filter(({ owner }) => owner.id === id);
    return [own.at(0), own.at(-1)];
  });
  return photos.filter((photo) => !ends.includes(photo));
}

/** What findings call the original of a photo. */
export function originalOf(photo: AssetPlan): string {
  return `asset ${photo.id} (${photo.fileName}) original: ${photo.path}`;
}

function isOrdinary({ type, external, deletedMs, role }: AssetPlan): boolean {
  return type === 'IMAGE' && !external && deletedMs === undefined && role !== 'copy-of-other-user';
}
