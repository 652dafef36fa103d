import { describe, expect, it } from 'vitest';
import type { Snapshot } from './choose-snapshot.ts';
import { type Holds, holdingGroup } from './holding-group.ts';

/** Snapshots as `id host:path`, the newest first; those in capitals hold a library, those that begin with `?` perhaps. */
async function group(...all: string[]) {
  const snapshots: Snapshot[] = all.map((text) => {
    const [id = '', of = ''] = text.split(' ');
    const [hostname = '', path = ''] = of.split(':');
    return { id, hostname, paths: [path], time: '' };
  });
  const looks: string[] = [];
  const look = async ({ id }: Snapshot): Promise<Holds> => {
    looks.push(id);
    return id.startsWith('?') ? 1 : id === id.toUpperCase() ? 2 : 0;
  };
  const found = await holdingGroup(snapshots, look);
  const ids = (of: readonly Snapshot[]) => of.map(({ id }) => id).join(' ');
  return {
    looks: looks.join(' '),
    snapshots: ids(found.snapshots),
    passedOver: ids(found.passedOver),
    holds: found.holds,
  };
}

describe('of the snapshots of a repository', () => {
  it('that all are of one thing none is looked into', async () => {
    expect(await group('b nas:/photos', 'A nas:/photos')).toMatchObject({
      looks: '',
      snapshots: 'b A',
      passedOver: '',
    });
  });

  it('the newest of the newest thing that holds a library is taken, and newer ones of others are told', async () => {
    const all = ['d web:/etc', 'C nas:/photos', 'b web:/etc', 'A nas:/photos'];
    expect(await group(...all)).toEqual({ looks: 'd C b', snapshots: 'C A', passedOver: 'd', holds: true });
  });

  it('one that holds none any more is not passed over for another that does', async () => {
    const all = ['c nas:/photos', 'B nas:/photos', 'A old:/photos'];
    expect(await group(...all)).toMatchObject({ snapshots: 'c B', passedOver: '' });
    const nights = ['e nas:/photos', 'd nas:/photos', 'c nas:/photos', 'B nas:/photos', 'A old:/photos'];
    expect(await group(...nights)).toMatchObject({ snapshots: 'e d c B', passedOver: '' });
  });

  it('containers without a name and folders of a day are one thing', async () => {
    const all = ['c 0123456789ab:/run/20261122/p', 'B ba9876543210:/run/20261121/p', 'A old:/photos'];
    expect(await group(...all)).toMatchObject({ snapshots: 'c B', passedOver: '' });
  });

  it('a folder that happens to be called so gives way to a library, and to nothing else', async () => {
    expect(await group('?b web:/etc', 'A nas:/photos')).toMatchObject({ snapshots: 'A', passedOver: '?b' });
    expect(await group('?b web:/etc', 'a nas:/photos')).toMatchObject({ snapshots: '?b', passedOver: '' });
  });

  it('no more than ten are looked into, and then the newest is what there is', async () => {
    const others = Array.from({ length: 12 }, (_, index) => `x${index} host-${index}:/etc`);
    const found = await group(...others, 'A nas:/photos');
    expect(found.looks.split(' ')).toHaveLength(10);
    expect(found).toMatchObject({ holds: false, passedOver: '' });
    expect(found.snapshots.startsWith('x0 ')).toBe(true);
  });
});
