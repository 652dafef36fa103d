import { bucketPlace } from '../places/bucket-place.ts';
import type { SnapshotChoice } from '../places/choose-snapshot.ts';
import { folderPlace } from '../places/folder-place.ts';
import type { Place } from '../places/place.ts';
import { resticPlace } from '../places/restic-place.ts';
import type { PlaceConfig } from './place-config.ts';

const DEFAULT_REGION = 'us-east-1';

/** Where a backup lies. */
export function placeOf({ restic, bucket, folder }: PlaceConfig): Place {
  if (restic) {
    const { repository, password, env = {}, snapshot, host, tags = [] } = restic;
    return resticPlace({
      repository,
      password,
      env,
      snapshot: choiceOf(snapshot),
      tags,
      ...(host !== undefined && { host }),
    });
  }
  if (bucket) {
    const { endpoint, region = DEFAULT_REGION, name, prefix = '', accessKey, secretKey, client } = bucket;
    return bucketPlace({ endpoint, region, bucket: name, prefix, accessKey, secretKey, ...(client && { client }) });
  }
  return folderPlace(folder ?? '');
}

function choiceOf(snapshot: NonNullable<PlaceConfig['restic']>['snapshot']): SnapshotChoice {
  if (snapshot === undefined || snapshot === 'latest') return { kind: 'latest' };
  if (typeof snapshot === 'string') return { kind: 'id', id: snapshot };
  if ('random' in snapshot) return { kind: 'random', within: snapshot.random };
  return { kind: 'before', time: snapshot.before.toISOString() };
}

/** Folders of this machine that are read: what runs write must not come to lie in them. */
export function foldersOf(place: PlaceConfig | undefined): string[] {
  const repository = place?.restic?.repository;
  return [place?.folder, repository].filter((path) => typeof path === 'string').filter((path) => path.startsWith('/'));
}
