import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { openWorld, type WorldForTest } from '../../../../../fixtures/immich/testing/open-world.ts';
import { openToolbox } from '../../../../machine/tools/toolbox/toolbox.ts';
import type { Bucket, Database } from '../../../../model/target.ts';
import { type LocalForTest, openLocalForTest } from '../../../../substrates/local/testing/open-local.ts';
import { use } from './use.ts';

/** The password of the repository, which tests put into the variable `OWN_PASSWORD`. */
export const PASSWORD = 'a password of their own';

/** A synthetic library with its dump, to be backed up by hand as people do; all of it goes when it is disposed of. */
export class SyntheticLibrary implements AsyncDisposable {
  /** A folder with `media` and `dumps`, and room for more. */
  readonly folder: string;
  readonly local: LocalForTest;

  private constructor(local: LocalForTest) {
    this.local = local;
    this.folder = local.folder;
  }

  static async make(assets: number): Promise<SyntheticLibrary> {
    const library = new SyntheticLibrary(await openLocalForTest());
    await using made = await openWorld({ assets, users: 3, seed: 1, photoKib: 32 });
    cpSync(made.world.volume('library').path, library.at('media'), { recursive: true, preserveTimestamps: true });
    mkdirSync(library.at('dumps'));
    const database = made.world.database('database');
    await use(database);
    await dump(made, database, library.at('dumps', 'immich.dump'));
    return library;
  }

  at(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** A copy of the media, to be broken. */
  copy(name: string): string {
    cpSync(this.at('media'), this.at(name), { recursive: true, preserveTimestamps: true });
    return this.at(name);
  }

  /** The dump as Immich makes its own, in a folder of its name: SQL that gzip has packed. */
  async asSql(name: string): Promise<string> {
    mkdirSync(this.at(name));
    const file = this.at(name, 'immich.sql');
    const args = ['--clean', '--if-exists', '--file', file, this.at('dumps', 'immich.dump')];
    await this.local.substrate.run({
      name: 'as-sql',
      volumes: [],
      steps: () => [{ program: 'pg_restore', args }],
    });
    await execa('gzip', [file]);
    return this.at(name);
  }

  async restic(args: readonly string[], repository = this.at('restic')): Promise<void> {
    const env = { RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: PASSWORD };
    await execa(await toolAt('restic'), [...args], { env });
  }

  /** `rclone copy` of the media into a bucket. */
  async copyTo(bucket: Bucket, prefix: string): Promise<void> {
    const env = {
      AWS_ACCESS_KEY_ID: bucket.accessKey.reveal(),
      AWS_SECRET_ACCESS_KEY: bucket.secretKey.reveal(),
      // The library holds names that differ in nothing else.
      RCLONE_NO_UNICODE_NORMALIZATION: 'true',
    };
    const remote = `:s3,provider=Other,env_auth=true,endpoint='${bucket.endpoint}',region=${bucket.region}:${bucket.name}/${prefix}`;
    await execa(await toolAt('rclone'), ['copy', this.at('media'), remote], { env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.local[Symbol.asyncDispose]();
  }
}

/** `pg_dump --format=custom`, as it lies on this machine. */
async function dump({ substrate }: WorldForTest, database: Database, file: string): Promise<void> {
  const { host, port, user, password } = database;
  await substrate.run({
    name: 'dump',
    volumes: [],
    steps: () => [
      {
        program: 'pg_dump',
        args: ['--format=custom', '--file', file, database.database],
        env: { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password },
      },
    ],
  });
}

async function toolAt(program: string): Promise<string> {
  return (await (await openToolbox()).provide(program)).location;
}
