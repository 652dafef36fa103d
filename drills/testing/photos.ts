import { type AssetPlan, assetAt } from '../../fixtures/immich/plan/asset-plan.ts';
import { usersOf } from '../../fixtures/immich/plan/users.ts';
import type { Scale } from '../../harness/model/workload.ts';

/**
 * Ordinary photos of a library, each with a file and a checksum of its own, oldest uploads first; without the newest of
 * each user, at which the workload itself looks when it says whether it serves.
 */
export function photosOf(scale: Scale): AssetPlan[] {
  const users = usersOf(scale.seed, scale.users);
  const photos = Array.from({ length: scale.assets }, (_, index) => assetAt(scale, users, index)).filter(isOrdinary);
  const oldestFirst = photos.sort((a, b) => a.uploadedMs - b.uploadedMs);
  return oldestFirst.filter((photo) => photo !== oldestFirst.findLast(({ owner }) => owner.id === photo.owner.id));
}

/** What findings call the original of a photo. */
export function originalOf(photo: AssetPlan): string {
  return `asset ${photo.id} (${photo.fileName}) original: ${photo.path}`;
}

function isOrdinary({ type, external, deletedMs, role }: AssetPlan): boolean {
  return type === 'IMAGE' && !external && deletedMs === undefined && role !== 'copy-of-other-user';
}
