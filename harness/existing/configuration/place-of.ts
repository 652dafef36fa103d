import { Secret } from '../../model/secret.ts';
import { bucketPlace } from '../places/bucket-place.ts';
import type { SnapshotChoice } from '../places/choose-snapshot.ts';
import { folderPlace, snapshotPlace } from '../places/folder-place.ts';
import type { Place } from '../places/place.ts';
import { resticPlace } from '../places/restic-place.ts';
import type { PlaceConfig } from './place-config.ts';

const DEFAULT_REGION = 'us-east-1';

/** Where a backup lies. */
export function placeOf({ restic, bucket, folder, volumeSnapshot }: PlaceConfig): Place {
  if (volumeSnapshot) return snapshotPlace(volumeSnapshot);
  if (restic) {
    const { repository, password, env = {}, snapshot, host, tags = [], check = {} } = restic;
    return resticPlace({
      repository,
      password,
      env,
      snapshot: choiceOf(snapshot),
      tags,
      ...(check !== false && { check: check.readData === undefined ? {} : { readData: check.readData } }),
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

/** Whether restic is asked if the repository is whole. */
export function checksStore(place: PlaceConfig | undefined): boolean {
  return place?.restic !== undefined && place.restic.check !== false;
}

/** The same place, of which only a backup is looked at. */
export function withoutCheck<Config extends PlaceConfig>(place: Config): Config {
  return place.restic ? { ...place, restic: { ...place.restic, check: false as const } } : place;
}

/** The same place, that is not looked at twice when another one in the same repository is. */
export function withoutSecondCheck<Config extends PlaceConfig>(place: Config, other: PlaceConfig | undefined): Config {
  const [own, others] = [place, other].map((one) => one?.restic?.repository);
  const address = (repository: string | Secret | undefined) =>
    repository instanceof Secret ? repository.reveal() : repository;
  return checksStore(other) && address(own) === address(others) ? withoutCheck(place) : place;
}
