import type { Step } from '../../model/job.ts';
import { Secret } from '../../model/secret.ts';
import type { OpeningContext } from '../../model/source.ts';
import type { WatchedPlace, WayToList } from '../../model/watch.ts';
import { linesFrom } from '../places/place.ts';
import type { ResticPlaceOptions } from '../places/restic-repository.ts';
import { waysOfOurs } from './watched-bucket.ts';
import { watchedFolder } from './watched-folder.ts';

const DEFAULT_REGION = 'us-east-1';
/** As restic writes it: `s3:https://host:port/bucket/prefix`, `s3:host/bucket/prefix`. */
const S3 = /^s3:(?:(https?):\/\/)?([^/]+)\/([^/]+)\/?(.*)$/;
/** What a repository is made of; all but keys are named by the SHA-256 of their bytes. */
const KINDS = ['packs', 'index', 'snapshots', 'keys', 'locks'] as const;
const BLIND = 'sizes and times of files in the repository';

export type ResticToWatch = Pick<ResticPlaceOptions, 'repository' | 'password' | 'env'>;

/**
 * A restic repository: a folder is looked at as any other, a bucket is listed by the harness with the keys that restic is
 * given. Of one that only restic reaches, restic lists the names, without a lock.
 */
export function watchedRestic(options: ResticToWatch): WatchedPlace {
  const { repository } = options;
  if (typeof repository === 'string' && repository.startsWith('/')) return watchedFolder(repository);
  return {
    id: repository instanceof Secret ? `the restic repository in ${repository.name}` : repository,
    server: serverOf(repository instanceof Secret ? repository.reveal() : repository),
    ways: [...waysToBucket(options), byRestic(options)],
  };
}

/** The server of a repository, without what opens it; of one that no URL names, its kind. */
function serverOf(address: string): string {
  const [, kind, url = ''] = /^(\w+):(.*)$/s.exec(address) ?? [];
  if (!URL.canParse(url)) return kind === 's3' || kind === 'rest' ? `https://${url.split('/')[0]}` : `${kind}:`;
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

function waysToBucket({ repository, env }: ResticToWatch): readonly WayToList[] {
  const address = repository instanceof Secret ? repository.reveal() : repository;
  const [, scheme = 'https', host, bucket, prefix = ''] = S3.exec(address) ?? [];
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key, AWS_SESSION_TOKEN: sessionToken } = env;
  if (host === undefined || bucket === undefined || id === undefined || key === undefined) return [];
  return waysOfOurs({
    endpoint: `${scheme}://${host}`,
    region: String(env.AWS_DEFAULT_REGION ?? env.AWS_REGION ?? DEFAULT_REGION),
    bucket,
    prefix: prefix === '' ? '' : `${prefix.replace(/\/+$/, '')}/`,
    accessKey: asSecret(id),
    secretKey: asSecret(key),
    ...(sessionToken !== undefined && { sessionToken }),
  });
}

function asSecret(value: string | Secret): Secret {
  return value instanceof Secret ? value : new Secret('key', value);
}

function byRestic({ repository, password, env }: ResticToWatch): WayToList {
  const step = (kind: string): Step => ({
    program: 'restic',
    args: ['--no-lock', 'list', kind],
    env: { ...env, RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: password },
    reachesOut: true,
  });
  return {
    by: 'restic',
    blind: BLIND,
    list: async function* (context: OpeningContext) {
      for (const kind of KINDS)
        for await (const id of linesFrom(context, `list-${kind}`, step(kind), []))
          yield { path: `${kind}/${id}`, facts: { type: kind } };
    },
  };
}
