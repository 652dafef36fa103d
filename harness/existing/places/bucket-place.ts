import type { Secret } from '../../model/secret.ts';
import { openTransfer, rcloneCall, remoteOf, S3_CLIENTS, type S3Client } from '../../paths/objects/transfer.ts';
import {
  lastLineOf,
  linesFrom,
  type OpenPlace,
  type Place,
  type PlaceContext,
  type PlacedFile,
  pathsNamed,
} from './place.ts';

/** A prefix of a bucket, as `aws s3 sync` and `rclone copy` fill it. */
export interface BucketPlaceOptions {
  /** Where the S3 server is: `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly accessKey: Secret;
  readonly secretKey: Secret;
  readonly client?: S3Client;
}

/** The MD5 that the server keeps as the ETag of an object. Objects of several parts have none in a listing, and are asked one by one. */
const VERSIONS = ['--hash', '--hash-type', 'md5'];

interface Listed {
  readonly Path: string;
  readonly Size: number;
  readonly ModTime: string;
  readonly Hashes?: { readonly md5?: string };
}

/** Objects of a bucket below a prefix, read with the same clients that people write them with. */
export function bucketPlace(options: BucketPlaceOptions): Place {
  const { endpoint, bucket, prefix, client, accessKey, secretKey } = options;
  return {
    name: 'bucket',
    // Only rclone lists in a form that is the same for every server.
    programs: client === 'aws' ? ['aws', 'rclone', 'sh'] : ['rclone', 'sh'],
    secrets: [accessKey, secretKey],
    options: { endpoint, bucket, prefix, ...(client && { client }) },
    // An object store has neither modes nor owners nor empty folders; of the times only rclone keeps a copy.
    keeps: { mode: false, owner: false, mtime: false, emptyFolders: false },
    open: async (context) => await openBucket(context, options),
  };
}

async function openBucket(context: PlaceContext, options: BucketPlaceOptions): Promise<OpenPlace> {
  const { endpoint, region, bucket: name, accessKey, secretKey } = options;
  const bucket = { name, endpoint, region, accessKey, secretKey, givesUpSoon: true };
  const transfer = await openTransfer({ choose: context.choose, bucket }, options.client ?? S3_CLIENTS[0]);
  const key = (path: string) =>
    [options.prefix, path]
      .map((part) => part.replace(/^\/+|\/+$/g, ''))
      .filter(Boolean)
      .join('/');
  const files = async function* (below: string): AsyncGenerator<PlacedFile> {
    const args = ['lsjson', '--recursive', '--files-only', '--no-mimetype', '--use-server-modtime'];
    const step = rcloneCall(bucket, [...args, ...(context.cache ? VERSIONS : []), remoteOf(bucket, key(below))]);
    for await (const line of linesFrom(context, 'list', step, [])) yield* parseLine(line);
  };
  return {
    id: `s3://${name}/${key('')}`,
    madeAt: '',
    volumes: [],
    files,
    filesIn: async (folder) => {
      const step = rcloneCall(bucket, ['lsjson', '--files-only', '--no-mimetype', remoteOf(bucket, key(folder))]);
      return (await Array.fromAsync(linesFrom(context, 'beside', step, []))).flatMap(parseLine);
    },
    list: (below) => Array.fromAsync(files(below)),
    lastWritten: async (below) => {
      const args = [
        'lsf',
        '--recursive',
        '--files-only',
        '--use-server-modtime',
        '--format',
        't',
        '--time-format',
        'RFC3339',
      ];
      const last = await lastLineOf(context, 'newest', rcloneCall(bucket, [...args, remoteOf(bucket, key(below))]), []);
      return last && new Date(last).toISOString();
    },
    foldersNamed: async (names) => {
      const step = rcloneCall(bucket, ['lsf', '--recursive', '--dirs-only', remoteOf(bucket, key(''))]);
      return await pathsNamed(context, step, [], names);
    },
    fetchFolder: (path, into) => [transfer.downloadFolder(key(path), into)],
    listOf: (names) => `${names.join('\n')}\n`,
    takesFolders: false,
    fetchSome: (path, list, into) => [
      {
        ...rcloneCall(bucket, ['copy', remoteOf(bucket, key(path)), into, '--files-from-raw', list, '--no-traverse']),
        phase: 'fetch',
      },
    ],
    fetchFile: (path, into) => [transfer.download(key(path), into)],
  };
}

/** rclone writes one array, with every object on a line of its own. */
function parseLine(line: string): PlacedFile[] {
  if (!line.startsWith('{')) return [];
  const { Path, Size, ModTime, Hashes } = JSON.parse(line.replace(/,$/, '')) as Listed;
  const version = Hashes?.md5;
  return [{ path: Path, sizeBytes: Size, modifiedAt: new Date(ModTime).toISOString(), ...(version && { version }) }];
}
