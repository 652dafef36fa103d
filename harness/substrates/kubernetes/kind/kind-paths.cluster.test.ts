import { beforeAll, describe, expect, it } from 'vitest';
import { observeRows } from '../../../kinds/postgres/observe-rows.ts';
import { observeSchema } from '../../../kinds/postgres/observe-schema.ts';
import { AT_NIGHT } from '../../../machine/testing/at-night.ts';
import type { FileEntry } from '../../../model/manifest.ts';
import type { BackupPath } from '../../../model/path.ts';
import type { WorkloadServer } from '../../../model/server.ts';
import { type Database, type Volume, World } from '../../../model/target.ts';
import { encryptedExport } from '../../../paths/encrypted-export.ts';
import { pgBasebackup } from '../../../paths/pg-basebackup.ts';
import { pgDump } from '../../../paths/pg-dump.ts';
import { redisRdb } from '../../../paths/redis-rdb.ts';
import { restic } from '../../../paths/restic.ts';
import { s3Sync } from '../../../paths/s3-sync.ts';
import { tar } from '../../../paths/tar.ts';
import { describeKubeExport } from './testing/describe-kube-export.ts';
import { errorOf, kindContext, kindForFile } from './testing/open-kind.ts';

const OPEN_BUDGET_MS = 5 * 60_000;

const kind = kindForFile();

const VOLUME_PATHS: Record<string, BackupPath<'volume'>> = {
  restic: restic(),
  tar: tar(),
  's3-sync': s3Sync({ client: 'aws' }),
  'encrypted-export': encryptedExport(),
};
const MTIME_MS = 1_700_000_000_123;
const FILES = ['upload/a b/ü — 写真 📷.jpg', 'upload/back\\slash.jpg', 'upload/-dash.jpg', 'thumbs/.keep', '.keep'];

async function fill(volume: Volume): Promise<void> {
  for (const path of FILES)
    await volume.write(path, Buffer.from(path), { mode: 0o640, uid: 1000, gid: 1000, mtimeMs: MTIME_MS });
  await volume.write('upload/large.bin', new Uint8Array(5 * 1024 * 1024).fill(9), { mtimeMs: MTIME_MS });
}

/** Entries reduced to what the path promises to keep. */
async function manifest(volume: Volume, { promises: { keeps } }: BackupPath<'volume'>): Promise<Partial<FileEntry>[]> {
  return (await Array.fromAsync(volume.files()))
    .filter(({ type }) => type === 'file' || keeps.emptyFolders)
    .map(({ path, type, sizeBytes, sha256, mode, uid, gid, mtimeMs }) => ({
      ...{ path, type, sizeBytes, sha256 },
      ...(keeps.mode && { mode }),
      ...(keeps.owner && { uid, gid }),
      ...(keeps.mtime && type === 'file' && { mtimeMs }),
    }));
}

/** By day one for each way to move files: what differs between the others is tested without a cluster. */
const BY_DAY = ['restic', 's3-sync'];

describe.each(Object.entries(VOLUME_PATHS).filter(([name]) => AT_NIGHT || BY_DAY.includes(name)))(
  'volume path %s, as Jobs',
  (_, path) => {
    it('brings back what it promises, into a new volume', async () => {
      const context = await kindContext(kind, 'library');
      const source = await kind.substrate.volume('library');
      await fill(source);
      const before = await manifest(source, path);
      expect(before.length).toBeGreaterThan(FILES.length);
      const receipt = await path.backup({ ...context, source });
      await source.destroy();
      expect(await source.exists()).toBe(false);

      const target = await kind.substrate.volume('library-restored');
      await path.restore({ ...context, receipt, target });
      expect(await manifest(target, path)).toEqual(before);
      await target.write(FILES[0] ?? '', Buffer.from('other'));
      expect(await manifest(target, path)).not.toEqual(before);
      for (const { key, sizeBytes } of receipt.objects) expect(sizeBytes, key).toBeGreaterThan(0);
    });
  },
);

const SCHEMA = `
  CREATE EXTENSION vector;
  CREATE TABLE asset (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text, taken timestamptz, data jsonb);
  CREATE TABLE smart_search ("assetId" uuid PRIMARY KEY REFERENCES asset(id) ON DELETE CASCADE, embedding vector(3));
  CREATE INDEX clip_index ON smart_search USING hnsw (embedding vector_cosine_ops);
  INSERT INTO asset (name, taken, data)
    SELECT 'line' || chr(10) || 'ünï ' || i, '2024-05-01Z', jsonb_build_object('i', i) FROM generate_series(1, 500) i;
  INSERT INTO smart_search SELECT id, ARRAY[random(), random(), random()]::vector FROM asset;`;

async function look(database: Database): Promise<object> {
  return { rows: await Array.fromAsync(observeRows(database)), schema: await observeSchema(database) };
}

describe.each([pgDump({ format: 'custom' }), ...(AT_NIGHT ? [pgDump({ format: 'plain' })] : []), pgBasebackup()])(
  'database path $name $options.format, as Jobs',
  (path) => {
    it('brings back every row and every schema object, into a new server', async () => {
      const context = await kindContext(kind, 'database');
      const source = await (await kind.substrate.postgres('database', 'photos')).start();
      await source.query(SCHEMA);
      const before = await look(source);
      const receipt = await path.backup({ ...context, source });
      await source.destroy();
      expect(await source.exists()).toBe(false);

      const slot = await kind.substrate.postgres('database-restored', 'photos');
      await path.restore({ ...context, receipt, target: slot });
      const restored = await slot.start();
      expect(await look(restored)).toEqual(before);
      expect(restored.identity).not.toBe(source.identity);
      await restored.query(`DELETE FROM smart_search WHERE "assetId" = (SELECT min(id::text)::uuid FROM asset)`);
      expect(await look(restored)).not.toEqual(before);
      await restored.destroy();
    });
  },
);

it('redis-rdb brings back every key, into a new server', async () => {
  const context = await kindContext(kind, 'redis');
  const source = await (await kind.substrate.redis('redis')).start();
  await source.command('HSET', 'hash', 'a', '1', 'b', '2');
  await source.command('SET', 'short', 'x', 'EX', '86400');
  const before = await Array.fromAsync(source.keys());
  const path = redisRdb();
  const receipt = await path.backup({ ...context, source });
  await source.destroy();
  const slot = await kind.substrate.redis('redis-restored');
  await path.restore({ ...context, receipt, target: slot });
  const restored = await slot.start();
  expect(await Array.fromAsync(restored.keys())).toEqual(before);
  await restored.command('DEL', 'hash');
  expect(await Array.fromAsync(restored.keys())).not.toEqual(before);
});

const ANSWERS = `
  use IO::Socket::INET;
  my $listener = IO::Socket::INET->new(LocalAddr => $ENV{HOST}, LocalPort => $ENV{PORT}, Listen => 4) or die $@;
  while (my $client = $listener->accept) {
    while (<$client>) { last if /^\\r?\\n$/ }
    open my $file, '<', $ENV{FILE} or die $!;
    my $said = join '', <$file>, qx($ENV{PSQL} -XAtc 'SELECT name FROM who');
    print {$client} "HTTP/1.1 200 OK\\r\\nContent-Length: " . length($said) . "\\r\\nConnection: close\\r\\n\\r\\n$said";
    close $client;
  }`;

const SERVER: WorkloadServer = {
  name: 'who-server',
  title: 'a server for a test',
  runs: { program: 'perl', args: ['-e', ANSWERS], calls: { PSQL: 'psql' } },
  port: 8080,
  volumes: (world) => [{ volume: world.volume('library'), readOnly: true }],
  env: (world, { host, port }) => {
    const database = world.database('database');
    return {
      ...{ HOST: host, PORT: String(port), FILE: `${world.volume('library').path}/hello` },
      ...{ PGHOST: database.host, PGPORT: String(database.port), PGUSER: database.user },
      ...{ PGDATABASE: database.database, PGPASSWORD: database.password },
    };
  },
  probe: '/',
  writes: false,
};

describe('the server of a workload, as a Deployment', () => {
  let world: World;
  beforeAll(async () => {
    if (kind.missing) return;
    const library = await kind.substrate.volume('library');
    await library.write('hello', Buffer.from('hello '), { mode: 0o600, uid: 1000, gid: 1000 });
    const database = await (await kind.substrate.postgres('database', 'photos')).start();
    await database.query(`CREATE TABLE who (name text); INSERT INTO who VALUES ('anna')`);
    world = new World([
      ['library', library],
      ['database', database],
    ]);
  }, OPEN_BUDGET_MS);

  it('answers from the rows and the files where they are', async () => {
    const { url } = await kind.substrate.serve(SERVER, world);
    expect(await (await fetch(url)).text()).toBe('hello anna\n');
    await world.database('database').query(`UPDATE who SET name = 'ben'`);
    expect(await (await fetch(url)).text()).toBe('hello ben\n');
    const { items } = await kind.kube.apps.listNamespacedDeployment({ namespace: kind.kube.namespace });
    expect(items.map(({ metadata }) => metadata?.name?.replace(/-\d+$/, ''))).toEqual(['who-server']);
  });

  it('whose image cannot be had is an error of the surroundings, which names it', async () => {
    const image = 'registry.invalid/no/such-server:1';
    const served = kind.substrate.serve({ ...SERVER, name: 'no-server', runs: { image } }, world);
    expect(await errorOf(served)).toMatchObject({
      code: 'image-missing',
      blame: 'environment',
      what: expect.stringContaining(image),
    });
  });
});

describeKubeExport(kind);
