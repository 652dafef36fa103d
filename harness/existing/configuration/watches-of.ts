import { join } from 'node:path';
import type { WatchedPlace } from '../../model/watch.ts';
import { watchedBucket } from '../watch/watched-bucket.ts';
import { watchedFolder } from '../watch/watched-folder.ts';
import { watchedRestic } from '../watch/watched-restic.ts';
import { withoutRepeats } from '../watch/without-repeats.ts';
import type { DrillConfig } from './config-schema.ts';
import type { PlaceConfig } from './place-config.ts';

const DEFAULT_REGION = 'us-east-1';

/** The places that a drill of the configuration reads from, as far as it reads: a folder of dumps, not the disk around it. */
export function watchesOf({ library, database }: DrillConfig): WatchedPlace[] {
  const places = [
    ...(library ? watched(library, (library.archive === undefined ? library.root : library.path) ?? '') : []),
    // Immich's own dumps lie in the library, wherever that is restored from.
    ...(database.inLibrary === undefined ? watched(database, database.path ?? '') : []),
  ];
  return withoutRepeats(places);
}

function watched({ restic, bucket, folder }: PlaceConfig, below: string): WatchedPlace[] {
  if (restic) return [watchedRestic({ ...restic, env: restic.env ?? {} })];
  if (folder !== undefined) return [watchedFolder(join(folder, below).replace(/(.)\/+$/, '$1'))];
  if (!bucket) return [];
  const { endpoint, region = DEFAULT_REGION, name, prefix = '', accessKey, secretKey } = bucket;
  const parts = [prefix, below].map((part) => part.replace(/^\/+|\/+$/g, '')).filter(Boolean);
  const key = parts.length === 0 ? '' : `${parts.join('/')}/`;
  return [watchedBucket({ endpoint, region, bucket: name, prefix: key, accessKey, secretKey })];
}
