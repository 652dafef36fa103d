import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Compared, comparePlaces, type Difference } from '../../checks/judging/compare-places.ts';
import { answersS3, S3Bucket } from '../../machine/object-store/s3-client.ts';
import { onFreePort } from '../../machine/processes/free-port.ts';
import { ServiceProcess } from '../../machine/processes/service-process.ts';
import { openToolbox } from '../../machine/tools/toolbox/toolbox.ts';
import { compareBytes } from '../../model/manifest.ts';
import { Secret } from '../../model/secret.ts';
import type { OpeningContext } from '../../model/source.ts';
import type { PlaceEntry } from '../../model/watch.ts';
import { watchedBucket } from './watched-bucket.ts';

const [accessKey, secretKey] = [new Secret('a', 'drill-test'), new Secret('s', 'drill-test-secret')];
const BUCKET = 'photos';

describe('a bucket is listed by the harness, with its versions', () => {
  let folder: string;
  let server: ServiceProcess;
  let client: S3Client;
  let endpoint: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drill-test-'));
    for (const name of ['data', 'versions']) mkdirSync(join(folder, name));
    const { location } = await (await openToolbox()).provide('versitygw');
    const lone = { started: () => {}, lost: () => {} };
    server = await onFreePort(async (port) => {
      endpoint = `http://127.0.0.1:${port}`;
      const address = { endpoint, region: 'us-east-1', accessKey, secretKey, server: 'versitygw' };
      const args = ['--port', `127.0.0.1:${port}`, '--keep-alive', '--quiet', 'posix'];
      return await ServiceProcess.start(
        {
          ...{ name: 'versitygw', command: location, cwd: folder, logFile: join(folder, 'log') },
          args: [...args, '--versioning-dir', join(folder, 'versions'), join(folder, 'data')],
          env: { ROOT_ACCESS_KEY: accessKey.reveal(), ROOT_SECRET_KEY: secretKey.reveal() },
          ready: () => answersS3(address),
        },
        lone,
      );
    });
    const address = { endpoint, region: 'us-east-1', accessKey, secretKey, server: 'versitygw' };
    await new S3Bucket(BUCKET, address).create();
    const credentials = { accessKeyId: accessKey.reveal(), secretAccessKey: secretKey.reveal() };
    client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
    await client.send(
      new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    for (const body of ['first', 'second']) await put('photos/a.jpg', body);
    await put('photos/b.jpg', 'another');
    await put('beside/x', 'not below the prefix');
  });

  afterAll(async () => {
    client?.destroy();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function put(key: string, body: string): Promise<void> {
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }));
  }

  async function listed(): Promise<PlaceEntry[]> {
    const place = watchedBucket({
      ...{ endpoint, region: 'us-east-1', bucket: BUCKET, prefix: 'photos/' },
      ...{ accessKey, secretKey },
    });
    const entries = await Array.fromAsync(place.ways[0]?.list({} as OpeningContext) ?? []);
    return entries.sort((a, b) => compareBytes(a.path, b.path));
  }

  async function differencesAfter(change: () => Promise<unknown>): Promise<Difference[]> {
    const stream = async function* (entries: readonly PlaceEntry[]) {
      yield* entries;
    };
    const compared: Compared = { entries: 0, bytes: 0 };
    const before = await listed();
    await change();
    return await Array.fromAsync(comparePlaces(stream(before), stream(await listed()), compared));
  }

  it('lists objects below the prefix, and every version of them', async () => {
    const paths = (await listed()).map(({ path }) => path.replace(/version .*\)/, 'version)'));
    expect(paths.filter((path) => !path.includes('version'))).toEqual(['photos/a.jpg', 'photos/b.jpg']);
    expect(paths.filter((path) => path.includes('version'))).toHaveLength(3);
    expect(await differencesAfter(async () => {})).toEqual([]);
  });

  it('names an old version that is deleted, though no object is another', async () => {
    const all = await client.send(new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: 'photos/a.jpg' }));
    const { VersionId } = all.Versions?.find(({ IsLatest }) => !IsLatest) ?? {};
    const found = await differencesAfter(() =>
      client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'photos/a.jpg', VersionId })),
    );
    expect(found).toMatchObject([{ kind: 'gone', path: `photos/a.jpg (version ${VersionId})` }]);
  });

  it('names objects that have changed places', async () => {
    const found = await differencesAfter(async () => {
      await put('photos/a.jpg', 'another');
      await put('photos/b.jpg', 'second');
    });
    expect(found.filter(({ kind }) => kind === 'changed').map(({ path }) => path)).toEqual([
      'photos/a.jpg',
      'photos/b.jpg',
    ]);
  });

  it('names an object that is deleted, and the marker that it leaves', async () => {
    const found = await differencesAfter(() =>
      client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'photos/b.jpg' })),
    );
    expect(found).toMatchObject([
      { kind: 'gone', path: 'photos/b.jpg' },
      { kind: 'appeared', after: 'delete marker' },
    ]);
  });
});
