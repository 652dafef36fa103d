import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openToolbox } from '../../../../machine/tools/toolbox/toolbox.ts';
import { dockerWithPostgres } from '../../../../substrates/local/testing/container-image.ts';
import { type LocalForTest, openLocalForTest } from '../../../../substrates/local/testing/open-local.ts';
import { drillOwn, expectTruth } from '../testing/drill-own.ts';
import { AS_V1_135, AS_V3_2 } from '../testing/other-layouts.ts';
import { noRealLibraries, RealLibrary } from '../testing/real-library.ts';
import { recordRequests } from '../testing/recording-proxy.ts';

const PASSWORD = 'a password of their own';
const WRITES = /^(PUT|DELETE|POST|PATCH)/;

const lab = await dockerWithPostgres();
const missing = noRealLibraries() ?? (typeof lab === 'string' ? lab : undefined);

describe.skipIf(missing)(`backups made by hand${missing ? `: ${missing}` : ''}`, () => {
  let local: LocalForTest;
  let v3: RealLibrary;
  let v2: RealLibrary;
  const image = typeof lab === 'string' ? '' : lab.image;
  const at = (...parts: string[]) => join(local.folder, ...parts);

  beforeAll(async () => {
    vi.stubEnv('DRILL_POSTGRES_IMAGE', image);
    vi.stubEnv('OWN_PASSWORD', PASSWORD);
    local = await openLocalForTest({
      env: { ...process.env, DRILL_POSTGRES: 'container', DRILL_POSTGRES_IMAGE: image },
    });
    v3 = await RealLibrary.open('v3.1.0', local, image);
    v2 = await RealLibrary.open('v2.7.5', local, image);
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await local?.[Symbol.asyncDispose]();
  });

  it('restic in a folder, with the dump that Immich itself left in the library', async () => {
    const restic = await toolAt('restic');
    const env = { RESTIC_REPOSITORY: at('restic'), RESTIC_PASSWORD: PASSWORD };
    await execa(restic, ['init'], { env });
    await execa(restic, ['backup', v3.media, '--tag', 'daily', '--host', 'immich-library'], { env });
    const before = listing(at('restic'));
    const config = {
      library: {
        restic: {
          repository: at('restic'),
          password: { env: 'OWN_PASSWORD' },
          host: 'immich-library',
          tags: ['daily'],
        },
      },
      database: { inLibrary: 'backups' },
      atLeast: { users: 2, assets: 49 },
      objectives: { rto: '1h', components: { library: { rpo: '1h' } } },
    };
    const result = await drillOwn(local.folder, config, (result) => expectTruth(result, v3.truth));
    expect(listing(at('restic'))).toEqual(before);
    expect(result.tools).toContainEqual(
      expect.objectContaining({ program: 'postgres', source: 'container', location: image }),
    );
  });

  it('restic in a bucket, with a dump of pg_dump beside it: every request is a read', async () => {
    const restic = await toolAt('restic');
    const bucket = await local.substrate.bucket('restic-by-hand');
    await using proxy = await recordRequests(bucket.endpoint);
    const keys = { AWS_ACCESS_KEY_ID: bucket.accessKey.reveal(), AWS_SECRET_ACCESS_KEY: bucket.secretKey.reveal() };
    vi.stubEnv('OWN_KEY', keys.AWS_ACCESS_KEY_ID).stubEnv('OWN_SECRET', keys.AWS_SECRET_ACCESS_KEY);
    const repository = `s3:${proxy.endpoint}/${bucket.name}/photos`;
    const env = { ...keys, RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: PASSWORD };
    await execa(restic, ['init'], { env });
    await execa(restic, ['backup', v2.media, await v2.dump('db/immich-db.dump', ['--format=custom'])], { env });
    expect(proxy.requests.some((one) => WRITES.test(one))).toBe(true);
    proxy.requests.length = 0;
    const secrets = { AWS_ACCESS_KEY_ID: { env: 'OWN_KEY' }, AWS_SECRET_ACCESS_KEY: { env: 'OWN_SECRET' } };
    const place = {
      restic: { repository, password: { env: 'OWN_PASSWORD' }, env: secrets, snapshot: { random: '1d' } },
    };
    const config = { library: place, database: { ...place, dump: 'immich-db.dump' } };
    await drillOwn(local.folder, config, (result) => expectTruth(result, v2.truth));
    expect(proxy.requests.length).toBeGreaterThan(10);
    expect(proxy.requests.filter((one) => WRITES.test(one))).toEqual([]);
  });

  it.each(['aws', 'rclone'] as const)('a bucket that %s has filled: every request is a read', async (client) => {
    const library = client === 'aws' ? v2 : v3;
    const bucket = await local.substrate.bucket(`by-${client}`);
    await using proxy = await recordRequests(bucket.endpoint);
    const dump = await library.dumpAsImmich(`for-${client}`);
    const address = { ...bucket, endpoint: proxy.endpoint };
    vi.stubEnv('OWN_KEY', bucket.accessKey.reveal()).stubEnv('OWN_SECRET', bucket.secretKey.reveal());
    await sync(client, address, library.media, 'immich/media');
    await sync(client, address, join(dump, '..'), 'immich/db');
    expect(proxy.requests.some((one) => WRITES.test(one))).toBe(true);
    proxy.requests.length = 0;
    const place = (prefix: string) => ({
      bucket: {
        endpoint: proxy.endpoint,
        name: bucket.name,
        prefix,
        accessKey: { env: 'OWN_KEY' },
        secretKey: { env: 'OWN_SECRET' },
        client,
      },
    });
    const config = { library: place('immich/media'), database: place('immich/db') };
    const result = await drillOwn(local.folder, config, (result) => expectTruth(result, library.truth));
    expect(proxy.requests.length).toBeGreaterThan(library.truth.assets.length);
    expect(proxy.requests.filter((one) => WRITES.test(one))).toEqual([]);
    expect(result.notTested.map(({ what }) => what)).toContain(
      'mode, owner, mtime, empty folders of the files in library',
    );
  });

  it('a tar with its checksums, with a dump in the directory format', async () => {
    mkdirSync(at('by-tar'));
    // As the guides have it: the list is made where it comes to lie itself, and so it lists itself, half written.
    const script =
      'tar czf - -C "$1" data | cat > library.tar.gz; find . -type f -exec sha256sum {} \\; > checksums.sha256';
    await execa('sh', ['-c', script, 'sh', join(v2.media, '..')], { cwd: at('by-tar') });
    await v2.dump('by-directory/immich', ['--format=directory', '--jobs=2']);
    const config = {
      library: { folder: at('by-tar'), archive: 'library.tar.gz' },
      database: { folder: join(v2.media, '../by-directory'), dump: 'immich' },
    };
    await drillOwn(local.folder, config, (result) => expectTruth(result, v2.truth));
  });

  it.each([
    ['v1.135, with tables in the plural and relative paths', AS_V1_135, 'v1.135.3'],
    ['v3.2, with people in groups', AS_V3_2, 'v3.2.0'],
  ] as const)('a database laid out as in %s', async (_, statements, version) => {
    const library = version === 'v3.2.0' ? v3 : v2;
    const dump = await library.dumpAsImmich(`as-${version}`, statements);
    const config = { library: { folder: library.media }, database: { folder: join(dump, '..') } };
    const result = await drillOwn(local.folder, config);
    expect(result.failures).toEqual([]);
    // What the schema of a release must be is known of some; of the others it is not told.
    expect(result.checks.filter(({ verdict }) => verdict !== 'pass')).toMatchObject([
      {
        name: 'schema',
        verdict: 'unknown',
        actual: expect.stringContaining(`the schema of ${version} is not known here`),
      },
    ]);
    expect(result.drill.workload.version).toBe(version);
    const all = library.truth.assets.length;
    const { actual } = result.checks.find(({ name }) => name === 'originals') ?? {};
    expect(actual).toBe(`0 bad of ${all} originals, all of them looked at, ${all} SHA-1s right`);
  });

  it.each([
    ['archives', ['--format=tar', '--gzip']],
    ['a folder', ['--format=plain']],
  ])('a physical copy of the server, as %s, with settings that must not come alive', async (_, args) => {
    const folder = `copy-${args.length}`;
    const witness = at(`archived-${args.length}`);
    // A copy that archived on would write to the user's own store.
    await v2.change(`ALTER SYSTEM SET archive_command = 'touch ${witness}'`);
    await v2.change(`ALTER SYSTEM SET archive_mode = 'on'`);
    await v2.change(`ALTER SYSTEM SET shared_preload_libraries = 'not_there'`);
    const path = await v2.baseBackup(folder, args);
    for (const name of ['archive_command', 'archive_mode', 'shared_preload_libraries'])
      await v2.change(`ALTER SYSTEM RESET ${name}`);
    const config = { library: { folder: v2.media }, database: { folder: path, baseBackup: {} } };
    await drillOwn(local.folder, config, (result) => expectTruth(result, v2.truth));
    expect(existsSync(witness)).toBe(false);
    if (!existsSync(join(path, 'pg_wal.tar.gz'))) return;
    rmSync(join(path, 'pg_wal.tar.gz'));
    const cut = await drillOwn(local.folder, config);
    expect(cut).toMatchObject({
      verdict: 'fail',
      exitCode: 1,
      failures: [{ code: 'copy-not-recovered', component: 'database' }],
    });
  });

  it('a mirror in a folder, with all that pg_dumpall writes', async () => {
    await v3.dumpAll('everything.sql');
    const config = {
      library: { folder: v3.media },
      database: { folder: join(v3.media, '..'), dump: 'everything.sql' },
    };
    await drillOwn(local.folder, config, (result) => expectTruth(result, v3.truth));
  });
});

async function toolAt(program: string): Promise<string> {
  return (await (await openToolbox()).provide(program)).location;
}

async function sync(
  client: 'aws' | 'rclone',
  bucket: {
    name: string;
    endpoint: string;
    region: string;
    accessKey: { reveal(): string };
    secretKey: { reveal(): string };
  },
  from: string,
  to: string,
): Promise<void> {
  const keys = { AWS_ACCESS_KEY_ID: bucket.accessKey.reveal(), AWS_SECRET_ACCESS_KEY: bucket.secretKey.reveal() };
  if (client === 'aws') {
    const env = { ...keys, AWS_DEFAULT_REGION: bucket.region, AWS_ENDPOINT_URL: bucket.endpoint };
    await execa(await toolAt('aws'), ['s3', 'sync', from, `s3://${bucket.name}/${to}`], { env });
    return;
  }
  const remote = `:s3,provider=Other,env_auth=true,endpoint='${bucket.endpoint}',region=${bucket.region}:${bucket.name}/${to}`;
  await execa(await toolAt('rclone'), ['copy', from, remote], { env: keys });
}

/** Every file of a folder with its size, time and bytes. */
function listing(folder: string): string {
  const script = 'find . -printf "%P %s %T@\\n" | sort; find . -type f -exec sha256sum {} + | sort';
  return execFileSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' });
}
