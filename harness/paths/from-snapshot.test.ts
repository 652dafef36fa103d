import { expect, it } from 'vitest';
import { FakeVolume } from '../disasters/testing/fake-volume.ts';
import { DrillError } from '../model/error.ts';
import type { BackupContext, BackupPath, Receipt } from '../model/path.ts';
import type { Snapshots } from '../model/snapshots.ts';
import { fromSnapshot } from './from-snapshot.ts';
import { tar } from './tar.ts';

const LIVING = new FakeVolume('library');
const OPENED = new FakeVolume('opened');

/** A path that only tells which volume it was given. */
function telling(): BackupPath<'volume'> {
  const backup = async ({ source }: BackupContext<'volume'>) =>
    ({ id: source.name, tools: [], details: {} }) as unknown as Receipt;
  return { ...tar(), backup };
}

function storage(check: Snapshots['check'], removed: string[] = []): Snapshots {
  return {
    check,
    take: async () => ({ id: 'taken', class: 'standard', driver: 'csi', size: '1Gi' }),
    open: async () => OPENED,
    openKept: async () => ({ volume: OPENED, id: 'kept', takenAt: '' }),
    remove: async (id) => {
      removed.push(id);
    },
    has: async () => true,
    fill: async () => {},
  };
}

async function backup(snapshots?: Snapshots, path = telling()): Promise<Receipt> {
  const context = { source: LIVING, ...(snapshots && { snapshots }) } as unknown as BackupContext<'volume'>;
  return await fromSnapshot(path).backup(context);
}

function lacking(blame: 'environment' | 'usage'): Snapshots['check'] {
  return async () => {
    throw new DrillError({ code: 'x', where: 'y', what: 'There is none.', next: 'get one.', blame });
  };
}

it('reads a snapshot where there are any, and the volume itself elsewhere', async () => {
  expect((await backup(storage(async () => {}))).id).toBe('opened');
  expect((await backup()).id).toBe('library');
  expect((await backup(storage(lacking('environment')))).id).toBe('library');
});

it('does not take a fault for storage without snapshots', async () => {
  await expect(backup(storage(lacking('usage')))).rejects.toMatchObject({ code: 'x' });
});

it('leaves nothing behind when the path fails', async () => {
  const removed: string[] = [];
  const failing = { ...telling(), backup: () => Promise.reject(new Error('full')) };
  await expect(
    backup(
      storage(async () => {}, removed),
      failing,
    ),
  ).rejects.toThrow('full');
  expect([removed, await OPENED.exists()]).toEqual([['taken'], false]);
});
