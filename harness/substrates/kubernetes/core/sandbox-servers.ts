import { OutsideStore } from '../../../machine/object-store/outside-store.ts';
import { type S3Address, S3Bucket } from '../../../machine/object-store/s3-client.ts';
import type { S3ServerName } from '../../../machine/object-store/s3-servers.ts';
import type { SubstrateContext } from '../../../model/substrate.ts';
import type { Bucket, Cache, Database, ServiceSlot } from '../../../model/target.ts';
import { defaultS3, imageOf } from './images.ts';
import type { ImagePrograms } from './programs/image-programs.ts';
import type { SandboxOptions } from './sandbox.ts';
import type { SandboxSite } from './sandbox-site.ts';
import { startPostgres } from './services/postgres.ts';
import { startRedis } from './services/redis.ts';
import { startS3 } from './services/s3.ts';
import type { ServerHost } from './services/server.ts';
import type { ClaimVolume } from './volume/claim-volume.ts';
import type { Claims } from './volume/claims.ts';

interface SandboxServersOptions {
  readonly context: SubstrateContext;
  readonly sandbox: SandboxOptions;
  readonly place: SandboxSite;
  readonly programs: ImagePrograms;
  readonly claims: Claims;
  readonly host: ServerHost;
}

/** The servers of a run, as pods of its namespace, and the S3 server outside of it when one was given. */
export class SandboxServers {
  readonly #options: SandboxServersOptions;
  readonly #clients: { disconnect(): unknown }[] = [];
  #s3: Promise<S3Address> | undefined;
  #store: OutsideStore | undefined;

  constructor(options: SandboxServersOptions) {
    this.#options = options;
  }

  async postgres(name: string, database: string, smallWal: boolean): Promise<ServiceSlot<Database>> {
    const { context, programs, host } = this.#options;
    const image = imageOf(programs.images, 'postgres');
    // One password for all servers of a run: a physical restore brings that of its source along.
    const password = context.secret('postgres-password');
    return await this.#slot(name, (data) =>
      startPostgres({ name, host: data.claim, database, image, password, data, smallWal }, host),
    );
  }

  async redis(name: string): Promise<ServiceSlot<Cache>> {
    const { context, sandbox, host } = this.#options;
    const image = imageOf(sandbox.images, 'redis');
    const password = context.secret('redis-password');
    return await this.#slot(name, (data) => startRedis({ name, host: data.claim, image, password, data }, host));
  }

  async bucket(name: string): Promise<Bucket> {
    const { context, sandbox } = this.#options;
    const { s3 } = sandbox;
    if (s3 !== undefined && typeof s3 !== 'string') {
      this.#store ??= new OutsideStore(s3, context.runId);
      return await this.#store.bucket(name);
    }
    this.#s3 ??= this.#startS3(s3 ?? defaultS3(sandbox.images));
    const bucket = new S3Bucket(name, await this.#s3);
    this.add(bucket);
    await bucket.create();
    return bucket;
  }

  /** Has it disconnected with the others. */
  add(client: { disconnect(): unknown }): void {
    this.#clients.push(client);
  }

  /** Takes away what the run has put outside of the cluster. */
  async removeOutside(): Promise<void> {
    await this.#store?.remove();
  }

  /** What is still connected; it is asked for once. */
  clients(): { disconnect(): unknown }[] {
    return this.#clients.splice(0);
  }

  /** A claim for the data, and a start that happens once. */
  async #slot<Service extends { disconnect(): unknown } & object>(
    name: string,
    start: (data: ClaimVolume) => Promise<Service>,
  ): Promise<ServiceSlot<Service>> {
    const { claims } = this.#options;
    const data = claims.unused(name);
    let started: Promise<Service> | undefined;
    return {
      data,
      start: () => {
        started ??= data.make().then(async () => {
          const service = await start(data);
          this.add(service);
          claims.holds(data, service);
          return service;
        });
        return started;
      },
    };
  }

  async #startS3(server: S3ServerName): Promise<S3Address> {
    const { context, sandbox, place, programs, claims, host } = this.#options;
    const [version = 'unknown'] = await programs.versionsOf([server]);
    if (place.s3) return await place.s3(server, version);
    const data = await claims.make(server);
    const accessKey = context.secret('s3-access-key');
    const secretKey = context.secret('s3-secret-key');
    const image = imageOf(sandbox.images, server);
    return await startS3({ server, version, image, accessKey, secretKey, data }, host);
  }
}
