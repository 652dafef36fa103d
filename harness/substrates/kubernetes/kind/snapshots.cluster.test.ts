import { expect, it } from 'vitest';
import type { FileEntry } from '../../../model/manifest.ts';
import type { PathContext } from '../../../model/path.ts';
import type { Database, Volume } from '../../../model/target.ts';
import { fromSnapshot } from '../../../paths/from-snapshot.ts';
import { tar } from '../../../paths/tar.ts';
import { databaseSnapshot, volumeSnapshot } from '../../../paths/volume-snapshot.ts';
import { errorOf, kindContext, kindForFile } from './testing/open-kind.ts';

const OPEN_BUDGET_MS = 5 * 60_000;
const FILES = ['upload/a b/ü — 写真 📷.jpg', 'upload/-dash.jpg', 'thumbs/.keep'];

const kind = kindForFile();

async function contextOf(component: string): Promise<PathContext> {
  return { ...(await kindContext(kind, component)), snapshots: kind.substrate.snapshots };
}

async function filled(name: string): Promise<Volume> {
  const volume = await kind.substrate.volume(name);
  for (const path of FILES) await volume.write(path, Buffer.from(path), { mode: 0o640, uid: 1000, gid: 1000 });
  return volume;
}

async function manifest(volume: Volume): Promise<FileEntry[]> {
  return await Array.fromAsync(volume.files());
}

it('a volume comes back as it was at that moment, twice in a row, while the first one lives on', async () => {
  const context = await contextOf('library');
  const source = await filled('library');
  for (const round of [1, 2]) {
    await source.write('round', Buffer.from(String(round)));
    const before = await manifest(source);
    const receipt = await volumeSnapshot().backup({ ...context, source });
    await source.write('later', Buffer.from('later'));
    const target = await kind.substrate.volume('library-restored', 'later');
    await volumeSnapshot().restore({ ...context, receipt, target });
    expect(await manifest(target)).toEqual(before);
    expect([target.identity === source.identity, await target.exists()]).toEqual([false, true]);
    expect(receipt).toMatchObject({ objects: [], details: { class: 'standard', exported: false } });
    await target.destroy();
    await source.remove('later');
  }
});

it('a snapshot that has gone is the fault of the backup, unless it was copied into the store', async () => {
  const context = await contextOf('library');
  const source = await filled('library');
  const before = await manifest(source);
  for (const exported of [false, true]) {
    const path = volumeSnapshot({ export: exported });
    const receipt = await path.backup({ ...context, source });
    expect(await kind.substrate.snapshots.has(receipt.id)).toBe(true);
    expect(receipt.objects.length > 0).toBe(exported);
    await kind.substrate.snapshots.remove(receipt.id);
    await expect.poll(() => kind.substrate.snapshots.has(receipt.id), { timeout: OPEN_BUDGET_MS }).toBe(false);
    const target = await kind.substrate.volume('library-restored', 'later');
    if (exported) {
      await path.restore({ ...context, receipt, target });
      expect(await manifest(target)).toEqual(before);
    } else {
      const error = await errorOf(path.restore({ ...context, receipt, target }));
      expect(error).toMatchObject({ code: 'snapshot-gone', blame: 'backup' });
      expect(await target.exists()).toBe(false);
    }
  }
});

it('another path reads a snapshot, of which nothing is left afterwards', async () => {
  const context = await contextOf('library');
  const source = await filled('library');
  const before = await manifest(source);
  const path = fromSnapshot(tar());
  const receipt = await path.backup({ ...context, source });
  const snapshot = String(receipt.details.snapshot);
  expect(snapshot).toContain('-snapshot-');
  await expect.poll(() => kind.substrate.snapshots.has(snapshot), { timeout: OPEN_BUDGET_MS }).toBe(false);
  const { items } = await kind.kube.core.listNamespacedPersistentVolumeClaim({ namespace: kind.kube.namespace });
  expect(items.filter(({ metadata }) => metadata?.name?.startsWith('opened'))).toEqual([]);
  const target = await kind.substrate.volume('library-restored', 'later');
  await path.restore({ ...context, receipt, target });
  expect(await manifest(target)).toEqual(before);
});

/** Writes one row after the other until it is told to stop; gives the highest number that was committed. */
function writing(database: Database): { committed(): number; stop(): Promise<void> } {
  let last = 0;
  let going = true;
  const over = (async () => {
    while (going) {
      await database.query('INSERT INTO t VALUES ($1)', [last + 1]);
      last += 1;
    }
  })();
  return {
    committed: () => last,
    stop: async () => {
      going = false;
      await over;
    },
  };
}

it.each([{ consistency: 'crash' }, { consistency: 'checkpoint', export: true }] as const)(
  'a database that goes on writing comes back without a gap, $consistency',
  async (options) => {
    const context = await contextOf('database');
    const source = await (await kind.substrate.postgres('database', 'photos')).start();
    await source.query('CREATE TABLE t (n int PRIMARY KEY)');
    const writer = writing(source);
    await expect.poll(writer.committed, { timeout: OPEN_BUDGET_MS }).toBeGreaterThan(5);
    const atLeast = writer.committed();
    const path = databaseSnapshot(options);
    const receipt = await path.backup({ ...context, source });
    const atMost = writer.committed() + 1;
    await writer.stop();
    await source.query('INSERT INTO t VALUES (1000000)');
    if ('export' in options) {
      await kind.substrate.snapshots.remove(receipt.id);
      await expect.poll(() => kind.substrate.snapshots.has(receipt.id), { timeout: OPEN_BUDGET_MS }).toBe(false);
    }
    await source.destroy();

    const slot = await kind.substrate.postgres('database-restored', 'photos');
    await path.restore({ ...context, receipt, target: slot });
    const restored = await slot.start();
    const [seen] = await restored.query<{ n: number; max: number }>('SELECT count(*)::int AS n, max(n) FROM t');
    expect(seen?.n).toBe(seen?.max);
    expect(seen?.max).toBeGreaterThanOrEqual(atLeast);
    expect(seen?.max).toBeLessThanOrEqual(atMost);
    await restored.destroy();
  },
);

it('says what is missing where a class, or the whole API, is not there', async () => {
  const { snapshots } = kind.substrate;
  await snapshots.check();
  await snapshots.check('standard');
  expect(await errorOf(snapshots.check('fast'))).toMatchObject({
    code: 'snapshot-class-unknown',
    blame: 'usage',
    next: expect.stringContaining('standard'),
  });
  const definitions = { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions' };
  const name = 'volumesnapshotclasses.snapshot.storage.k8s.io';
  await kind.kube.custom.deleteClusterCustomObject({ ...definitions, name });
  await expect
    .poll(async () => (await snapshots.check().catch((error: unknown) => error)) ?? 'fine', { timeout: OPEN_BUDGET_MS })
    .toMatchObject({ code: 'snapshots-missing', blame: 'environment', next: expect.stringContaining('install') });
});
