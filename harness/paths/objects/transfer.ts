import type { Program, Step } from '../../model/job.ts';
import type { PathContext } from '../../model/path.ts';
import type { Secret } from '../../model/secret.ts';
import type { Bucket } from '../../model/target.ts';

/** The S3 clients that people use, the one that starts faster first. */
export const S3_CLIENTS = ['rclone', 'aws'] as const;
export type S3Client = (typeof S3_CLIENTS)[number];

/** Folders that are left out, but for the files directly in them that have the name of a marker. */
export interface LeftOut {
  readonly folders: readonly string[];
  readonly markers: readonly string[];
}

/** Steps that move files between a job's folders and the backup store with one of the S3 clients. */
export interface Transfer {
  readonly program: Program;
  upload(file: string, key: string): Step;
  download(key: string, file: string): Step;
  /** Adds and overwrites, and never deletes. */
  uploadFolder(folder: string, prefix: string, leftOut?: LeftOut): Step;
  downloadFolder(prefix: string, folder: string): Step;
}

/** How clients reach a bucket. */
export interface BucketAddress extends Pick<Bucket, 'name' | 'endpoint' | 'region' | 'accessKey' | 'secretKey'> {
  /** Of a server that is not the run's own: one that stops answering is to be told within minutes, not within hours. */
  readonly givesUpSoon?: boolean;
}

/** A server has this long to take a connection, and a minute without a byte to go on, as clients themselves say. */
const CONNECT_SECONDS = 15;
const SOON_RCLONE = {
  RCLONE_CONTIMEOUT: `${CONNECT_SECONDS}s`,
  RCLONE_TIMEOUT: '60s',
  RCLONE_LOW_LEVEL_RETRIES: '3',
  RCLONE_RETRIES: '2',
};
const SOON_AWS = { AWS_MAX_ATTEMPTS: '3' };
const SOON_AWS_ARGS = ['--cli-connect-timeout', String(CONNECT_SECONDS), '--cli-read-timeout', '60'];

/** What a transfer needs to know of its run. */
export interface TransferContext extends Pick<PathContext, 'choose'> {
  readonly bucket: BucketAddress;
}

/** Picks the client that is at hand, or the one that is asked for. */
export async function openTransfer(context: TransferContext, client?: S3Client): Promise<Transfer> {
  const program = await context.choose(...(client ? [client] : S3_CLIENTS));
  return program === 'aws' ? awsTransfer(context) : rcloneTransfer(context);
}

function awsTransfer({ bucket }: TransferContext): Transfer {
  const url = (key: string) => `s3://${bucket.name}/${key}`;
  const env: Record<string, string | Secret> = {
    AWS_ACCESS_KEY_ID: bucket.accessKey,
    AWS_SECRET_ACCESS_KEY: bucket.secretKey,
    AWS_DEFAULT_REGION: bucket.region,
    AWS_ENDPOINT_URL: bucket.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...(bucket.givesUpSoon && SOON_AWS),
  };
  const call = (...args: string[]): Step => ({
    program: 'aws',
    args: ['s3', ...args, '--only-show-errors', ...(bucket.givesUpSoon ? SOON_AWS_ARGS : [])],
    env,
    reachesOut: true,
  });
  return {
    program: 'aws',
    upload: (file, key) => call('cp', file, url(key)),
    download: (key, file) => ({ ...call('cp', url(key), file), phase: 'fetch' }),
    uploadFolder: (folder, prefix, leftOut) =>
      call('sync', folder, url(prefix), '--no-follow-symlinks', ...awsFilters(leftOut)),
    downloadFolder: (prefix, folder) => ({ ...call('sync', url(prefix), folder), phase: 'fetch' }),
  };
}

const NOTHING: LeftOut = { folders: [], markers: [] };

function awsFilters({ folders, markers } = NOTHING): string[] {
  return folders.flatMap((folder) => [
    ...['--exclude', `${folder}/*`],
    ...markers.flatMap((marker) => ['--include', `${folder}/${marker}`]),
  ]);
}

/** A call of rclone on a bucket; what it works on is given as `remoteOf` writes it. */
export function rcloneCall(bucket: BucketAddress, args: readonly string[]): Step {
  const env: Record<string, string | Secret> = {
    RCLONE_CONFIG: '/dev/null',
    RCLONE_S3_PROVIDER: 'Other',
    RCLONE_S3_ENDPOINT: bucket.endpoint,
    RCLONE_S3_REGION: bucket.region,
    RCLONE_S3_ACCESS_KEY_ID: bucket.accessKey,
    RCLONE_S3_SECRET_ACCESS_KEY: bucket.secretKey,
    RCLONE_S3_NO_CHECK_BUCKET: 'true',
    // Two files whose names look the same, one composed and one not, are two files: otherwise one of them is passed over.
    RCLONE_NO_UNICODE_NORMALIZATION: 'true',
    ...(bucket.givesUpSoon && SOON_RCLONE),
  };
  return { program: 'rclone', args: [...args, '--log-level', 'NOTICE'], env, reachesOut: true };
}

/** What rclone calls a key of a bucket. */
export function remoteOf(bucket: BucketAddress, key: string): string {
  return `:s3:${bucket.name}/${key}`;
}

function rcloneTransfer({ bucket }: TransferContext): Transfer {
  const remote = (key: string) => remoteOf(bucket, key);
  const call = (...args: string[]): Step => rcloneCall(bucket, args);
  return {
    program: 'rclone',
    upload: (file, key) => call('copyto', file, remote(key)),
    // To rclone an object that is not there is a folder without files, which is copied with success.
    download: (key, file) => ({ ...call('copyto', remote(key), file, '--error-on-no-transfer'), phase: 'fetch' }),
    uploadFolder: (folder, prefix, leftOut) => call('copy', folder, remote(prefix), ...rcloneFilters(leftOut)),
    downloadFolder: (prefix, folder) => ({ ...call('copy', remote(prefix), folder), phase: 'fetch' }),
  };
}

function rcloneFilters({ folders, markers } = NOTHING): string[] {
  return folders.flatMap((folder) => [
    ...markers.flatMap((marker) => ['--filter', `+ /${folder}/${marker}`]),
    ...['--filter', `- /${folder}/**`],
  ]);
}
