import { join } from 'node:path';
import type { WatchedPlace } from '../../model/watch.ts';
import { watchedBucket } from '../watch/watched-bucket.ts';
import { watchedFolder } from '../watch/watched-folder.ts';
import { watchedRestic } from '../watch/watched-restic.ts';
import { addressOf } from './addresses-of.ts';
import type { PlaceConfig } from './place-config.ts';

const DEFAULT_REGION = 'us-east-1';

/** The part of a place that is read, to be listed before and after; none for a place of no kind. */
export function watchedPlace(place: PlaceConfig, below: string): WatchedPlace[] {
  const address = addressOf(place);
  const at = address && { at: `${address.host}:${address.port}` };
  return watched(place, below).map((one) => ({ ...one, ...at }));
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
