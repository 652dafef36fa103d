import { expect, it } from 'vitest';
import { deleteClaims } from '../../../disasters/delete-claims.ts';
import { deleteNamespace } from '../../../disasters/delete-namespace.ts';
import { killDatabasePod } from '../../../disasters/kill-database-pod.ts';
import { killNode } from '../../../disasters/kill-node.ts';
import { loseCluster } from '../../../disasters/lose-cluster.ts';
import { nameOfRun } from '../../../machine/docker/run-name.ts';
import { itAtNight } from '../../../machine/testing/at-night.ts';
import { findLeftovers } from '../../../machine/work-folders/leftovers.ts';
import type { Disaster } from '../../../model/disaster.ts';
import type { PathContext, Receipt } from '../../../model/path.ts';
import { type Database, type Volume, World } from '../../../model/target.ts';
import { encryptedExport } from '../../../paths/encrypted-export.ts';
import { pgDump } from '../../../paths/pg-dump.ts';
import { volumeSnapshot } from '../../../paths/volume-snapshot.ts';
import { errorOf, kindContext, kindForFile } from './testing/open-kind.ts';

const OPEN_BUDGET_MS = 10 * 60_000;
const SEED = 1;

const kind = kindForFile({}, { outlive: 'cluster' }, async ({ docker, context }) => {
  const label = `label=restore-drill.run=${context.runId}`;
  expect((await docker.run(['ps', '--all', '--quiet', '--filter', label])).stdout).toBe('');
  const network = `name=${nameOfRun(context.runId)}`;
  expect((await docker.run(['network', 'ls', '--quiet', '--filter', network])).stdout).toBe('');
  expect((await findLeftovers()).map(({ runId }) => runId)).not.toContain(context.runId);
});

interface Backups {
  readonly database: Receipt;
  readonly config: Receipt;
  readonly snapshot: Receipt;
}

let context: PathContext;
let backups: Backups;
let world: World;

/** A world of two components, with backups in the store and a snapshot in the cluster. */
async function build(): Promise<void> {
  const { substrate } = kind;
  const config = await substrate.volume('config');
  await config.write('settings', Buffer.from('as they were'));
  const database = await (await substrate.postgres('database', 'photos')).start();
  await database.query('CREATE TABLE t (n int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 100)');
  world = new World([
    ['config', config],
    ['database', database],
  ]);
  context = await refreshed(await kindContext(kind, 'config'));
  backups = {
    database: await pgDump().backup({ ...context, component: 'database', source: database }),
    config: await encryptedExport().backup({ ...context, source: config }),
    snapshot: await volumeSnapshot().backup({ ...context, source: config }),
  };
  await database.query('INSERT INTO t VALUES (101)');
}

/** What lay outside, asked for again in the place that the run is in now. */
async function refreshed(before: PathContext): Promise<PathContext> {
  const { substrate } = kind;
  const bucket = await substrate.bucket(before.bucket.name);
  return { ...before, bucket, vault: await substrate.vault(), snapshots: substrate.snapshots };
}

async function rows(database: Database): Promise<number> {
  return (await database.query<{ n: number }>('SELECT count(*)::int AS n FROM t'))[0]?.n ?? 0;
}

/** Strikes, and sees it proved; what was not struck must not count as gone. */
async function strike(disaster: Disaster): Promise<readonly string[]> {
  const { cluster } = kind.substrate;
  const all = { world, seed: SEED, cluster };
  const unproved = await disaster.proveGone(all, []);
  expect(unproved.every(({ gone }) => !gone)).toBe(true);
  const struck = await disaster.strike(all);
  const absences = await disaster.proveGone(all, struck);
  expect(absences.map(({ component }) => component)).toEqual(disaster.strikes(world.names));
  expect(absences.filter(({ gone }) => !gone)).toEqual([]);
  return struck;
}

async function restoreAll(): Promise<World> {
  const { substrate } = kind;
  const config: Volume = await substrate.volume('config-restored', 'later');
  await encryptedExport().restore({ ...context, receipt: backups.config, target: config });
  const slot = await substrate.postgres('database-restored', 'photos');
  await pgDump().restore({ ...context, component: 'database', receipt: backups.database, target: slot });
  const database = await slot.start();
  expect(Buffer.from(await config.read('settings')).toString()).toBe('as they were');
  expect(await rows(database)).toBe(100);
  return new World([
    ['config', config],
    ['database', database],
  ]);
}

async function snapshotIsGone(): Promise<void> {
  const target = await kind.substrate.volume('config-restored', 'later');
  const error = await errorOf(volumeSnapshot().restore({ ...context, receipt: backups.snapshot, target }));
  expect(error).toMatchObject({ code: 'snapshot-gone', blame: 'backup' });
}

it('the pod of a database is killed in mid-write, and another one comes back with what was committed', async () => {
  await build();
  const [pod = ''] = await kind.substrate.cluster.parts('pod', world.target('database'));
  expect(await kind.substrate.cluster.look(pod)).toMatchObject({ gone: false });
  await strike(killDatabasePod());
  expect(await world.target('config').exists()).toBe(true);
  await expect.poll(() => rows(world.database('database')).catch(() => -1), { timeout: OPEN_BUDGET_MS }).toBe(101);
  expect(kind.substrate.crashedServices()).toEqual([]);
});

it('claims are deleted with what is on them, from below a server that uses them', async () => {
  const struck = await strike(deleteClaims());
  expect(struck[0]).toMatch(/^config: claim .*\/config-\d+ \(uid .+\)$/);
  expect(struck[1]).toMatch(/^database: claim .*\/database-\d+ \(uid .+\)$/);
  expect(await world.target('config').exists()).toBe(false);
  expect(await kind.substrate.snapshots.has(backups.snapshot.id)).toBe(true);
  world = await restoreAll();
});

it('a namespace is deleted, its snapshots with it, and what lay outside restores into another one', async () => {
  const before = kind.substrate.address.name;
  await strike(deleteNamespace());
  const place = await kind.substrate.cluster.recreate();
  expect(place).toMatch(new RegExp(`^cluster ${before}, namespace ${before}-2$`));
  context = await refreshed(context);
  await snapshotIsGone();
  world = await restoreAll();
});

itAtNight('a node is killed, and the next cluster has everything but the snapshot', async () => {
  const before = kind.substrate.address.name;
  const struck = await strike(killNode());
  await expect(world.target('config').exists()).rejects.toMatchObject({ code: 'place-taken' });
  const place = await kind.substrate.cluster.recreate();
  expect(place).toContain(`cluster ${before}-3`);
  expect(await killNode().proveGone({ world, seed: SEED, cluster: kind.substrate.cluster }, struck)).toMatchObject([
    { gone: true, found: expect.stringMatching(/no running container of it, and its API at https:.*: [A-Z_]+\./) },
    { gone: true },
  ]);
  context = await refreshed(context);
  await snapshotIsGone();
  world = await restoreAll();
});

it('a cluster is lost, and nothing of it is left but store and vault', async () => {
  const [part = ''] = await kind.substrate.cluster.parts('cluster', world.target('config'));
  expect(await kind.substrate.cluster.look(part)).toMatchObject({
    gone: false,
    found: expect.stringContaining('it answers'),
  });
  await strike(loseCluster());
  const { docker } = kind;
  const nodes = await docker.run(['ps', '--quiet', '--filter', `name=${kind.substrate.address.name}-control-plane`]);
  expect(nodes.stdout).toBe('');
  const bucket = context.bucket;
  expect((await Array.fromAsync(bucket.list())).length).toBeGreaterThan(0);
});
