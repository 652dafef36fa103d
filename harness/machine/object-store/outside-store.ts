import { DrillError } from '../../model/error.ts';
import { nameOfRun } from '../docker/run-name.ts';
import { guardian } from '../guardian/guardian.ts';
import { findLeftovers, type Leftover } from '../work-folders/leftovers.ts';
import { bucketsOf, type S3Address, S3Bucket } from './s3-client.ts';

const DAY_MS = 24 * 3_600_000;
/** The name of a run, as `nameOfRun` makes it, and that of the bucket. */
const OF_A_RUN = /^(drill-[0-9a-f]{10})-./;

/** The buckets of a run on an S3 server that is there already: of its own, and gone with it. */
export class OutsideStore {
  readonly #address: S3Address;
  readonly #runId: string;
  readonly #open: S3Bucket[] = [];

  constructor(address: S3Address, runId: string) {
    this.#address = address;
    this.#runId = runId;
  }

  async bucket(name: string): Promise<S3Bucket> {
    const { endpoint, region, accessKey, secretKey } = this.#address;
    guardian.guardStore(this.#runId, {
      ...{ endpoint, region },
      accessKey: accessKey.reveal(),
      secretKey: secretKey.reveal(),
    });
    const bucket = new S3Bucket(`${nameOfRun(this.#runId)}-${name}`, this.#address);
    try {
      await bucket.create();
    } catch (error) {
      bucket.disconnect();
      throw unusable(this.#address, bucket.name, error);
    }
    this.#open.push(bucket);
    return bucket;
  }

  /** Deletes all of them with what is in them. */
  async remove(): Promise<void> {
    // Of a server that never took one, nothing has to be removed.
    if (this.#open.length === 0) return;
    for (const bucket of this.#open.splice(0)) bucket.disconnect();
    await removeBucketsOf(this.#address, this.#runId);
  }
}

/** Deletes the buckets of a run with what is in them. */
export async function removeBucketsOf(address: S3Address, runId: string): Promise<void> {
  for (const { name } of await bucketsOf(address, nameOfRun(runId))) await removeBucket(address, name);
}

/** A bucket that a run has made on such a server. */
export interface LeftoverBucket {
  /** Empty when this machine does not know the run. */
  readonly runId: string;
  readonly state: Leftover['state'];
  readonly bucket: string;
}

/** The buckets of runs there. Those that this machine knows nothing of may be in use elsewhere until they are a day old. */
export async function findBuckets(address: S3Address): Promise<LeftoverBucket[]> {
  const here = new Map((await findLeftovers()).map((one) => [nameOfRun(one.runId), one]));
  const found = await bucketsOf(address, 'drill-');
  return found.flatMap(({ name, createdAt }) => {
    const run = OF_A_RUN.exec(name)?.[1];
    if (run === undefined) return [];
    const known = here.get(run);
    const old = Date.now() - createdAt.getTime() > DAY_MS;
    return [{ runId: known?.runId ?? '', state: known?.state ?? (old ? 'expired' : 'running'), bucket: name }];
  });
}

/** Deletes a bucket with what is in it. */
export async function removeBucket(address: S3Address, name: string): Promise<void> {
  const bucket = new S3Bucket(name, address);
  try {
    await bucket.destroy();
  } finally {
    bucket.disconnect();
  }
}

function unusable({ endpoint }: S3Address, bucket: string, cause: unknown): DrillError {
  const { name = '', message = '', code } = cause as { name?: string; message?: string; code?: string };
  return new DrillError({
    code: 'store-unusable',
    where: 'substrate',
    what: `The bucket ${bucket} could not be made at ${endpoint}: ${[name, code, message].filter(Boolean).join(' ')}.`,
    next: 'see that the server runs, and that the keys in AWS_ACCESS_KEY_ID may make and delete buckets there.',
    blame: 'environment',
    cause,
  });
}
