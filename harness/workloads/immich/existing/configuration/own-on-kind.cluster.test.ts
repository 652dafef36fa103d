import { appendFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Docker } from '../../../../machine/docker/docker.ts';
import { openToolbox } from '../../../../machine/tools/toolbox/toolbox.ts';
import type { RunResult } from '../../../../model/result.ts';
import {
  clusterParts,
  type KindForTest,
  openKindForTest,
} from '../../../../substrates/kubernetes/kind/testing/open-kind.ts';
import { type LocalForTest, openLocalForTest } from '../../../../substrates/local/testing/open-local.ts';
import { complaintsOf, saidOf } from '../testing/complaints.ts';
import { drillOwn, expectTruth, shared, upgradeOwn } from '../testing/drill-own.ts';
import { NextVersions } from '../testing/next-version.ts';
import { DATA, noRealLibraries, RealLibrary } from '../testing/real-library.ts';
import { type RecordingProxy, recordRequests } from '../testing/recording-proxy.ts';
import { rehearsalOf } from './rehearsal-of.ts';

const PASSWORD = 'a password of their own';
const WRITES = /^(PUT|DELETE|POST|PATCH)/;
const SETUP_BUDGET_MS = 10 * 60_000;
const DRILL_BUDGET_MS = 5 * 60_000;

const parts = await clusterParts();
const missing = noRealLibraries() ?? (typeof parts === 'string' ? parts : undefined);

describe.skipIf(missing)(`backups made by hand, on kind${missing ? `: ${missing}` : ''}`, () => {
  let local: LocalForTest;
  let library: RealLibrary;
  let versions: NextVersions;
  let next: string;
  let proxy: RecordingProxy;
  let kind: KindForTest & AsyncDisposable;
  const at = (...names: string[]) => join(local.folder, ...names);

  beforeAll(async () => {
    if (typeof parts === 'string') return;
    const image = parts.images.postgres ?? '';
    local = await openLocalForTest({
      env: { ...process.env, DRILL_POSTGRES: 'container', DRILL_POSTGRES_IMAGE: image },
    });
    library = await RealLibrary.open('v2.7.5', local, image);
    for (const folder of ['mirror', 'restic']) mkdirSync(at(folder));
    await library.dump('dumps/immich', ['--format=directory']);
    versions = new NextVersions(image);
    next = await versions.build('kind');
    // Pods reach this machine at the address of Docker's own bridge, and nobody outside of it does.
    const bucket = await local.substrate.bucket('photos');
    proxy = await recordRequests(bucket.endpoint, await bridgeOf(parts.docker));
    vi.stubEnv('OWN_PASSWORD', PASSWORD).stubEnv('OWN_WRONG', 'another password');
    vi.stubEnv('OWN_KEY', bucket.accessKey.reveal()).stubEnv('OWN_SECRET', bucket.secretKey.reveal());
    const reads = [at('mirror'), at('v2.7.5/dumps'), at('restic')];
    const readsOver = [Number(new URL(proxy.endpoint).port)];
    kind = await openKindForTest(parts, { moreImages: [next] }, { reads, readsOver, untrusted: true });
  }, SETUP_BUDGET_MS);

  afterAll(async () => {
    vi.unstubAllEnvs();
    await kind?.[Symbol.asyncDispose]();
    await proxy?.[Symbol.asyncDispose]();
    await versions?.[Symbol.asyncDispose]();
    await local?.[Symbol.asyncDispose]();
  }, SETUP_BUDGET_MS);

  const drill = (config: object, look?: (result: RunResult) => void) =>
    drillOwn(local.folder, config, look, rehearsalOf, shared(kind.substrate));
  const keys = () => ({
    AWS_ACCESS_KEY_ID: process.env.OWN_KEY ?? '',
    AWS_SECRET_ACCESS_KEY: process.env.OWN_SECRET ?? '',
  });
  /** Files that were harmed come back; the folder stays, which the node has mounted. */
  const mirror = () => cpSync(library.media, at('mirror'), { recursive: true, preserveTimestamps: true });
  const mirrored = () => ({
    library: { folder: at('mirror') },
    database: { folder: at('v2.7.5/dumps'), dump: 'immich' },
  });

  it(
    'restic in a bucket, with a dump of pg_dump beside it: every request is a read',
    async () => {
      const repository = `s3:${proxy.endpoint}/photos/restic`;
      const env = { ...keys(), RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: PASSWORD };
      const dump = await library.dump('db/immich-db.dump', ['--format=custom']);
      await execa(await toolAt('restic'), ['init'], { env });
      await execa(await toolAt('restic'), ['backup', library.media, dump], { env });
      expect(proxy.requests.some((one) => WRITES.test(one))).toBe(true);
      proxy.requests.length = 0;
      const secrets = { AWS_ACCESS_KEY_ID: { env: 'OWN_KEY' }, AWS_SECRET_ACCESS_KEY: { env: 'OWN_SECRET' } };
      const place = { restic: { repository, password: { env: 'OWN_PASSWORD' }, env: secrets } };
      const config = { library: place, database: { ...place, dump: 'immich-db.dump' } };
      await drill(config, (result) => expectTruth(result, library.truth));
      expect(proxy.requests.length).toBeGreaterThan(10);
      expect(proxy.requests.filter((one) => WRITES.test(one))).toEqual([]);
    },
    DRILL_BUDGET_MS,
  );

  it(
    'a bucket that rclone has filled, with the dump that Immich itself left in it',
    async () => {
      const media = at('v3.1.0');
      mkdirSync(media);
      await execa('tar', ['--extract', '--file', join(DATA, 'immich-v3.1.0/media.tar.gz'), '--directory', media]);
      const remote = `:s3,provider=Other,env_auth=true,endpoint='${proxy.endpoint}',region=us-east-1:photos/media`;
      await execa(await toolAt('rclone'), ['copy', media, remote], { env: keys() });
      const secrets = { accessKey: { env: 'OWN_KEY' }, secretKey: { env: 'OWN_SECRET' } };
      const bucket = { endpoint: proxy.endpoint, name: 'photos', prefix: 'media', ...secrets };
      const result = await drill({ library: { bucket }, database: { inLibrary: 'backups' } });
      expect(complaintsOf(result), saidOf(result)).toEqual([]);
      expect(result).toMatchObject({ verdict: 'pass', facts: { assets: 49, users: 2 } });
    },
    DRILL_BUDGET_MS,
  );

  it(
    'a folder of this machine, whole and broken, with a dump in the directory format',
    async () => {
      mirror();
      await drill(mirrored(), (result) => expectTruth(result, library.truth));
      const [lost, changed, orphan] = library.truth.assets.filter(({ path }) => /\/(upload|library)\//.test(path));
      const file = (path = '') => at('mirror', path.replace('/data/', ''));
      rmSync(file(lost?.path));
      appendFileSync(file(changed?.path), 'x');
      await library.dump(
        'dumps/broken',
        ['--format=directory'],
        [
          `DELETE FROM asset WHERE id = '${orphan?.id}'`,
          `DELETE FROM kysely_migrations WHERE name = '1752759108283-ConvertToAbsolutePaths'`,
        ],
      );
      const config = { ...mirrored(), database: { folder: at('v2.7.5/dumps'), dump: 'broken' } };
      const result = await drill(config);
      expect(result).toMatchObject({ verdict: 'fail', exitCode: 1 });
      expect(complaintsOf(result)).toEqual(
        expect.arrayContaining(['files-to-rows of library', 'originals of library', 'version of database']),
      );
      expect(saidOf(result)).toMatch(new RegExp(`asset ${lost?.id}.*found missing`));
      expect(saidOf(result)).toMatch(new RegExp(`asset ${changed?.id}.*SHA-1`));
      expect(saidOf(result)).toContain(`${orphan?.path.replace('/data/', '')}: expected a row that speaks of it`);
      expect(saidOf(result)).toMatch(/migration 1752759108283-ConvertToAbsolutePaths/);
    },
    DRILL_BUDGET_MS,
  );

  it(
    'a physical copy of the server, as archives',
    async () => {
      mirror();
      const folder = await library.baseBackup('copy', ['--format=tar', '--gzip']);
      cpSync(folder, at('v2.7.5/dumps/copy'), { recursive: true });
      const database = { folder: at('v2.7.5/dumps'), path: 'copy', baseBackup: {} };
      await drill({ ...mirrored(), database }, (result) => expectTruth(result, library.truth));
    },
    DRILL_BUDGET_MS,
  );

  it('a restic repository in a folder, whose password is another, is unknown', async () => {
    const env = { RESTIC_REPOSITORY: at('restic'), RESTIC_PASSWORD: PASSWORD };
    await execa(await toolAt('restic'), ['init'], { env });
    const restic = { repository: at('restic'), password: { env: 'OWN_WRONG' } };
    const result = await drill({ library: { restic }, database: { inLibrary: 'backups' } });
    expect(result).toMatchObject({ verdict: 'unknown', exitCode: 2 });
    expect(result.failures.map(({ code }) => code)).toEqual(['credentials-refused', 'library-not-restored']);
  });

  it(
    'are taken to a newer version in a pod',
    async () => {
      mirror();
      const whole = await upgradeOwn(local.folder, mirrored(), next, shared(kind.substrate));
      expect(complaintsOf(whole), saidOf(whole)).toEqual([]);
      expect(whole).toMatchObject({ verdict: 'pass', exitCode: 0, facts: { 'rehearsed version': 'v3.1.0' } });
    },
    DRILL_BUDGET_MS,
  );
});

async function toolAt(program: string): Promise<string> {
  return (await (await openToolbox()).provide(program)).location;
}

async function bridgeOf(docker: Docker): Promise<string> {
  const format = '{{with index .IPAM.Config 0}}{{.Gateway}} {{.Subnet}}{{end}}';
  const { stdout } = await docker.run(['network', 'inspect', 'bridge', '--format', format]);
  const [gateway, subnet = ''] = stdout
    .trim()
    .split(' ')
    .filter((word) => word !== '<no');
  // A daemon that has never been started again tells no gateway: it is the first address.
  return gateway?.includes('/') === false ? gateway : (gateway ?? subnet).replace(/0\/\d+$/, '1');
}
