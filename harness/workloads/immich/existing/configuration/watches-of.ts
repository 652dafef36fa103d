import { watchedPlace } from '../../../../existing/configuration/watched-place.ts';
import { withoutRepeats } from '../../../../existing/watch/without-repeats.ts';
import type { WatchedPlace } from '../../../../model/watch.ts';
import type { DrillConfig } from './schema.ts';

const IMMICH = 'a running Immich';

/** The places that a drill of the configuration reads from, as far as it reads: a folder of dumps, not the disk around it. */
export function watchesOf({ library, database }: DrillConfig): WatchedPlace[] {
  const places = [
    ...(library ? watchedPlace(library, (library.archive === undefined ? library.root : library.path) ?? '') : []),
    // Immich's own dumps lie in the library, wherever that is restored from; a server in use is never as it was.
    ...(database.inLibrary === undefined ? watchedPlace(database, database.path ?? '') : []),
  ];
  return withoutRepeats(places).map((place) => (database.server ? { ...place, inUse: IMMICH } : place));
}
