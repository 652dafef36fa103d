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
/** So many are read after a run to tell what its drill came to before. */
const END_RECORDS = 50;
const DAY_MS = 86_400_000;
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
  readonly #lockDays: number | undefined;

  /** Endpoint, region and credentials come from the environment, as for every tool of AWS. */
  constructor(url: string, env: NodeJS.ProcessEnv, signer?: Signer) {
    const { bucket, prefix } = partsOf(url);
    this.location = url;
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#signer = signer;
    this.#lockDays = lockDaysOf(env);
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
      return { location: this.location, text: await this.#textOf(await this.#keys()), head };
    } catch (cause) {
      throw this.#failed('read', cause);
    }
  }

  async readEnd(): Promise<StoredHistory> {
    try {
      return await this.#end(END_RECORDS);
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
    const stored = await this.#end(1);
    const { link, torn } = endOf(stored.text);
    const line = sealEntry(summary, link, torn, this.#signer);
    const entry = readEntry(line);
    if (!entry) throw new AbortError(`a record was made that cannot be read: ${line.slice(0, 200)}`);
    await this.#putNew(this.#keyOf(entry.seq), `${line}\n`);
    if (holdsHead(verifyHistory(stored).entries, stored.head))
      await this.#put('head.json', `${JSON.stringify({ seq: entry.seq, hash: entry.hash })}\n`);
    return entry;
  }

  /**
   * The head's record, as many before it as are wanted, and whatever follows it. Without a head to go by, or when its record
   * is not there, all of it.
   */
  async #end(records: number): Promise<StoredHistory> {
    const head = await this.#head();
    const from = head ? head.seq - records + 1 : 0;
    if (!head || from <= 1 || head.hash === '') return await this.read();
    const text = await this.#textOf(await this.#keys(this.#keyOf(from - 1)));
    const { entries } = verifyHistory({ location: this.location, text, head });
    const [first] = entries;
    if (!first || !holdsHead(entries, head)) return await this.read();
    return { location: this.location, text, head, after: { seq: first.seq - 1, hash: first.previous } };
  }

  #keyOf(seq: number): string {
    return `${this.#prefix}${String(seq).padStart(DIGITS, '0')}.json`;
  }

  async #textOf(keys: readonly string[]): Promise<string> {
    return (await pMap(keys, (key) => this.#get(key), { concurrency: FETCHED_AT_ONCE })).join('');
  }

  /** Throws something to try again after when another writer has taken the place. */
  async #putNew(key: string, body: string): Promise<void> {
    try {
      await this.#client.send(
        new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body, IfNoneMatch: '*', ...this.#lock() }),
      );
    } catch (error) {
      if (TAKEN.has(statusOf(error) ?? 0)) throw error;
      throw new AbortError(error as Error);
    }
  }

  /** Where the bucket takes locks, nobody can take a record away before its time. */
  #lock() {
    if (this.#lockDays === undefined) return {};
    const until = new Date(Date.now() + this.#lockDays * DAY_MS);
    return { ObjectLockMode: 'COMPLIANCE' as const, ObjectLockRetainUntilDate: until };
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

  async #keys(after?: string): Promise<string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          ...{ Bucket: this.#bucket, Prefix: this.#prefix, ContinuationToken: token },
          ...(after !== undefined && { StartAfter: after }),
        }),
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

function lockDaysOf({ DRILL_HISTORY_LOCK_DAYS: days }: NodeJS.ProcessEnv): number | undefined {
  if (!days) return undefined;
  if (/^[1-9]\d{0,4}$/.test(days)) return Number(days);
  throw new DrillError({
    code: 'history-lock-days',
    where: 'history/s3',
    what: 'DRILL_HISTORY_LOCK_DAYS is no number of days.',
    next: 'give a whole number from 1 to 99999, or leave it out.',
    blame: 'usage',
  });
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
