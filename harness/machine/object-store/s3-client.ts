import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import pMap from 'p-map';
import { compareBytes, type StoredObject } from '../../model/manifest.ts';
import type { Secret } from '../../model/secret.ts';
import type { Bucket } from '../../model/target.ts';

const TRIES = 3;
const DELETES_AT_ONCE = 8;

/** Where an S3 server listens, and how to sign for it. */
export interface S3Address {
  readonly endpoint: string;
  /** Where the harness reaches it, when that is not where jobs do. */
  readonly outside?: string;
  readonly region: string;
  readonly accessKey: Secret;
  readonly secretKey: Secret;
  /** What serves it, for reports: `versitygw 1.0.18`. */
  readonly server: string;
}

/** A `Bucket` on any S3 server. */
export class S3Bucket implements Bucket {
  readonly name: string;
  readonly endpoint: string;
  readonly region: string;
  readonly accessKey: Secret;
  readonly secretKey: Secret;
  readonly server: string;
  readonly #client: S3Client;

  constructor(name: string, address: S3Address) {
    this.name = name;
    this.endpoint = address.endpoint;
    this.region = address.region;
    this.accessKey = address.accessKey;
    this.secretKey = address.secretKey;
    this.server = address.server;
    this.#client = client(address);
  }

  /** Makes the bucket unless it is there. */
  async create(): Promise<void> {
    if (await this.exists()) return;
    await this.#client.send(new CreateBucketCommand({ Bucket: this.name }));
  }

  async exists(): Promise<boolean> {
    try {
      await this.#client.send(new HeadBucketCommand({ Bucket: this.name }));
      return true;
    } catch (error) {
      if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404) return false;
      throw error;
    }
  }

  /** Every object, sorted by key as UTF-8 bytes: the order is ours, since not every server keeps S3's. */
  async *list(prefix = ''): AsyncIterable<StoredObject> {
    const found: StoredObject[] = [];
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({ Bucket: this.name, Prefix: prefix, ContinuationToken: token }),
      );
      for (const object of page.Contents ?? [])
        if (object.Key !== undefined) found.push({ key: object.Key, sizeBytes: object.Size ?? 0 });
      // A page that promises more without saying where would silently end a listing that is not complete.
      if (page.IsTruncated && !page.NextContinuationToken)
        throw new Error(`listing of ${this.name} was cut by the server`);
      token = page.NextContinuationToken;
    } while (token);
    yield* found.sort((a, b) => compareBytes(a.key, b.key));
  }

  async get(key: string): Promise<Uint8Array> {
    const answer = await this.#client.send(new GetObjectCommand({ Bucket: this.name, Key: key }));
    const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
    if (answer.ContentLength !== undefined && bytes.length !== answer.ContentLength)
      throw new Error(`object ${key} has ${answer.ContentLength} bytes, got ${bytes.length}`);
    return bytes;
  }

  async *read(key: string): AsyncIterable<Uint8Array> {
    const answer = await this.#client.send(new GetObjectCommand({ Bucket: this.name, Key: key }));
    let readBytes = 0;
    for await (const chunk of (answer.Body ?? []) as AsyncIterable<Uint8Array>) {
      readBytes += chunk.length;
      yield chunk;
    }
    if (answer.ContentLength !== undefined && readBytes !== answer.ContentLength)
      throw new Error(`object ${key} has ${answer.ContentLength} bytes, got ${readBytes}`);
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.name, Key: key, Body: bytes }));
  }

  async remove(key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.name, Key: key }));
  }

  /** Deletes the bucket with what is in it. */
  async destroy(): Promise<void> {
    await pMap(this.list(), ({ key }) => this.remove(key), { concurrency: DELETES_AT_ONCE });
    await this.#client.send(new DeleteBucketCommand({ Bucket: this.name }));
  }

  disconnect(): void {
    this.#client.destroy();
  }
}

/** The buckets whose names begin so, with when they were made. */
export async function bucketsOf(address: S3Address, prefix: string): Promise<{ name: string; createdAt: Date }[]> {
  const asking = client(address);
  try {
    const { Buckets = [] } = await asking.send(new ListBucketsCommand({}));
    return Buckets.flatMap(({ Name: name, CreationDate: createdAt = new Date() }) =>
      name?.startsWith(prefix) ? [{ name, createdAt }] : [],
    );
  } finally {
    asking.destroy();
  }
}

/** Throws while the server does not answer a signed request. */
export async function answersS3(address: S3Address): Promise<void> {
  const probe = new S3Bucket('drill-probe', address);
  try {
    await probe.exists();
  } finally {
    probe.disconnect();
  }
}

function client(address: S3Address): S3Client {
  return new S3Client({
    endpoint: address.outside ?? address.endpoint,
    region: address.region,
    forcePathStyle: true,
    maxAttempts: TRIES,
    credentials: { accessKeyId: address.accessKey.reveal(), secretAccessKey: address.secretKey.reveal() },
  });
}
