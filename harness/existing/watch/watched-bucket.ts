import {
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Secret } from '../../model/secret.ts';
import type { OpeningContext } from '../../model/source.ts';
import type { PlaceEntry, WatchedPlace, WayToList } from '../../model/watch.ts';
import { rcloneCall, remoteOf } from '../../paths/objects/transfer.ts';
import { linesFrom } from '../places/place.ts';

const TRIES = 2;
const CONNECT_MS = 10_000;
const ANSWER_MS = 60_000;
/** What a server without versions, or without the right to see them, leaves in the dark. */
const BLIND = 'older versions and delete markers';

/** A prefix of a bucket, and how to sign for it. */
export interface BucketToWatch {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly accessKey: Secret;
  readonly secretKey: Secret;
  readonly sessionToken?: Secret | string;
}

/**
 * Objects of a bucket below a prefix, listed by the harness with a client of its own: every key with its size, ETag and
 * time, and every version and delete marker where the server lists them. Only rights to list are used. Where this machine
 * does not reach the server itself, as it may not in a cluster, a job lists it.
 */
export function watchedBucket(options: BucketToWatch): WatchedPlace {
  const { bucket, prefix, endpoint } = options;
  return { id: `s3://${bucket}/${prefix}`, server: endpoint, ways: [...waysOfOurs(options), byRclone(options)] };
}

/** The same without a tool to fall back on. */
export function waysOfOurs(options: BucketToWatch): readonly WayToList[] {
  const objects = () => withClient(options, (client) => objectsOf(client, options));
  const versions = () => withClient(options, (client) => versionsOf(client, options));
  const all = async function* () {
    yield* versions();
    yield* objects();
  };
  return [
    { by: 'the harness', list: all },
    { by: 'the harness', blind: BLIND, list: objects },
  ];
}

async function* withClient(
  { endpoint, region, accessKey, secretKey, sessionToken }: BucketToWatch,
  list: (client: S3Client) => AsyncIterable<PlaceEntry>,
): AsyncGenerator<PlaceEntry> {
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    maxAttempts: TRIES,
    // Without saying so, a request that is not answered is only warned of, and waited for.
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
    credentials: {
      accessKeyId: accessKey.reveal(),
      secretAccessKey: secretKey.reveal(),
      ...(sessionToken && {
        sessionToken: typeof sessionToken === 'string' ? sessionToken : sessionToken.reveal(),
      }),
    },
  });
  try {
    yield* list(client);
  } finally {
    client.destroy();
  }
}

async function* objectsOf(client: S3Client, { bucket, prefix }: BucketToWatch): AsyncGenerator<PlaceEntry> {
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
    );
    for (const { Key: path = '', Size = 0, ETag = '', LastModified } of page.Contents ?? [])
      yield { path, facts: { sizeBytes: Size, etag: ETag, modified: timeOf(LastModified) } };
    token = page.NextContinuationToken;
    if (page.IsTruncated && !token) throw cut(bucket);
  } while (token);
}

async function* versionsOf(client: S3Client, { bucket, prefix }: BucketToWatch): AsyncGenerator<PlaceEntry> {
  let next: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (next) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...next }),
    );
    for (const { Key = '', VersionId = '', Size = 0, ETag = '', IsLatest } of page.Versions ?? []) {
      // Without versions, this is the object itself, which is listed already.
      if (VersionId === 'null' && IsLatest) continue;
      yield {
        path: `${Key} (version ${VersionId})`,
        // Never written again; some servers give it another time when a newer one takes its place.
        facts: { type: 'version', sizeBytes: Size, etag: ETag },
      };
    }
    for (const { Key = '', VersionId = '' } of page.DeleteMarkers ?? [])
      yield {
        path: `${Key} (version ${VersionId})`,
        facts: { type: 'delete marker' },
      };
    const { IsTruncated, NextKeyMarker, NextVersionIdMarker } = page;
    if (IsTruncated && !NextKeyMarker) throw cut(bucket);
    next =
      IsTruncated && NextKeyMarker
        ? { KeyMarker: NextKeyMarker, ...(NextVersionIdMarker && { VersionIdMarker: NextVersionIdMarker }) }
        : undefined;
  }
}

function byRclone({ endpoint, region, bucket: name, prefix, accessKey, secretKey }: BucketToWatch): WayToList {
  const bucket = { name, endpoint, region, accessKey, secretKey, givesUpSoon: true };
  const args = ['lsjson', '--recursive', '--files-only', '--no-mimetype', '--use-server-modtime'];
  const step = rcloneCall(bucket, [...args, '--hash', '--hash-type', 'md5', remoteOf(bucket, prefix)]);
  return {
    by: 'rclone',
    blind: BLIND,
    list: async function* (context: OpeningContext) {
      for await (const line of linesFrom(context, 'list', step, [])) {
        if (!line.startsWith('{')) continue;
        const { Path, Size, ModTime, Hashes } = JSON.parse(line.replace(/,$/, '')) as {
          Path: string;
          Size: number;
          ModTime: string;
          Hashes?: { md5?: string };
        };
        yield { path: Path, facts: { sizeBytes: Size, modified: ModTime, ...(Hashes?.md5 && { md5: Hashes.md5 }) } };
      }
    },
  };
}

function timeOf(time: Date | undefined): string {
  return time?.toISOString() ?? '';
}

/** A page that promises more without saying where would silently end a listing that is not complete. */
function cut(bucket: string): Error {
  return new Error(`the listing of ${bucket} was cut by the server`);
}
