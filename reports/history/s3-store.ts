import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import pMap from 'p-map';
import pRetry, { AbortError } from 'p-retry';
import { DrillError } from '../../harness/model/error.ts';
import { type HistoryEntry, type Link, readEntry, sealEntry } from './entry.ts';
import { readHead } from './head.ts';
import type { RunSummary } from './run-summary.ts';
import type { Signer } from './signature.ts';
import type { HistoryStore } from './store.ts';
import { endOf, holdsHead, type StoredHistory, verifyHistory } from './verify.ts';

const FETCHED_AT_ONCE = 16;
const DIGITS = 10;
const TRIES = 20;
const RETRY_MS = 50;
/** What servers say when somebody else has written the object first. */
const TAKEN = new Set([409, 412]);

/** A history below an S3 prefix: one object a record, none ever written twice, and the last of them in `head.json`. */
export class S3History implements HistoryStore {
  readonly location: string;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #client: S3Client;
  readonly #signer: Signer | undefined;

  /** Endpoint, region and credentials come from the environment, as for every tool of AWS. */
  constructor(url: string, env: NodeJS.ProcessEnv, signer?: Signer) {
    const { bucket, prefix } = partsOf(url);
    this.location = url;
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#signer = signer;
    const endpoint = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL;
    const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1';
    const credentials = credentialsOf(env);
    this.#client = new S3Client({
      region,
      forcePathStyle: endpoint !== undefined,
      ...(endpoint && { endpoint }),
      ...(credentials && { credentials }),
    });
  }

  async read(): Promise<StoredHistory> {
    try {
      const head = await this.#head();
      const keys = await this.#keys();
      const lines = await pMap(keys, (key) => this.#get(key), { concurrency: FETCHED_AT_ONCE });
      return { location: this.location, text: lines.join(''), head };
    } catch (cause) {
      throw this.#failed('read', cause);
    }
  }

  async append(summary: RunSummary): Promise<HistoryEntry> {
    try {
      return await pRetry(() => this.#append(summary), { retries: TRIES, minTimeout: RETRY_MS, factor: 1.2 });
    } catch (cause) {
      throw this.#failed('written', cause);
    }
  }

  async #append(summary: RunSummary): Promise<HistoryEntry> {
    const stored = await this.read();
    const { link, torn } = endOf(stored.text);
    const line = sealEntry(summary, link, torn, this.#signer);
    const entry = readEntry(line);
    if (!entry) throw new AbortError(`a record was made that cannot be read: ${line.slice(0, 200)}`);
    await this.#putNew(`${this.#prefix}${String(entry.seq).padStart(DIGITS, '0')}.json`, `${line}\n`);
    if (holdsHead(verifyHistory(stored).entries, stored.head))
      await this.#put('head.json', `${JSON.stringify({ seq: entry.seq, hash: entry.hash })}\n`);
    return entry;
  }

  /** Throws something to try again after when another writer has taken the place. */
  async #putNew(key: string, body: string): Promise<void> {
    try {
      await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body, IfNoneMatch: '*' }));
    } catch (error) {
      if (TAKEN.has(statusOf(error) ?? 0)) throw error;
      throw new AbortError(error as Error);
    }
  }

  async #put(name: string, body: string): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: this.#prefix + name, Body: body }));
  }

  async #head(): Promise<Link | undefined> {
    try {
      return readHead(await this.#get(`${this.#prefix}head.json`));
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  async #keys(): Promise<string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: this.#prefix, ContinuationToken: token }),
      );
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token);
    const isRecord = (key: string) => /^\d+\.json$/.test(key.slice(this.#prefix.length));
    return keys.filter(isRecord).sort();
  }

  async #get(key: string): Promise<string> {
    const answer = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    return (await answer.Body?.transformToString('utf8')) ?? '';
  }

  #failed(done: string, cause: unknown): DrillError {
    if (cause instanceof DrillError) return cause;
    const status = statusOf(cause);
    return new DrillError({
      code: 'history-unreachable',
      where: 'history/s3',
      what: `The history ${this.location} could not be ${done}: ${(cause as Error).message}${status ? ` (${status})` : ''}.`,
      next: 'see that AWS_ENDPOINT_URL, AWS_REGION and the credentials in the environment are right for that bucket.',
      blame: 'environment',
      cause,
    });
  }
}

/** Undefined leaves it to the client to look in all the other places, such as the role of a pod. */
function credentialsOf(env: NodeJS.ProcessEnv) {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env;
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

function partsOf(url: string): { bucket: string; prefix: string } {
  const [, bucket, path = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(url) ?? [];
  if (bucket === undefined)
    throw new DrillError({
      code: 'history-location',
      where: 'history/s3',
      what: `"${url}" is no place for a history.`,
      next: 'give a folder, or s3://bucket/prefix.',
      blame: 'usage',
    });
  const trimmed = path.replace(/\/+$/, '');
  return { bucket, prefix: trimmed === '' ? '' : `${trimmed}/` };
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}
