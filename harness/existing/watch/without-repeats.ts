import type { WatchedPlace } from '../../model/watch.ts';

/** Places without those that are the same as others, or folders inside of others. */
export function withoutRepeats(places: readonly WatchedPlace[]): WatchedPlace[] {
  return places.filter((place, index) => {
    const covers = (other: WatchedPlace, at: number) =>
      other !== place && (isInside(place, other) ? place.id !== other.id || at < index : false);
    return !places.some(covers);
  });
}

function isInside({ id, folder }: WatchedPlace, other: WatchedPlace): boolean {
  if (folder === undefined || other.folder === undefined) return id === other.id;
  return `${folder}/`.startsWith(`${other.folder.replace(/\/+$/, '')}/`);
}
