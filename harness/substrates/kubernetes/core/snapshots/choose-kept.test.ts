import { describe, expect, it } from 'vitest';
import { chooseKept } from './choose-kept.ts';
import type { VolumeSnapshot } from './snapshot-objects.ts';

const NAMESPACE = 'photos';

function snapshot(name: string, claim: string, day: number, status: VolumeSnapshot['status'] = {}): VolumeSnapshot {
  return {
    metadata: { name, uid: name },
    spec: { source: { persistentVolumeClaimName: claim } },
    status: { readyToUse: true, creationTime: `2026-11-0${day}T03:00:00Z`, ...status },
  };
}

const FOUND = [snapshot('old', 'library', 1), snapshot('new', 'library', 3), snapshot('other', 'music', 5)];

describe('of a claim', () => {
  const kept = { namespace: NAMESPACE, claim: 'library' };

  it('the newest is taken, in whatever order the API lists them', () => {
    for (const found of [FOUND, FOUND.toReversed()])
      expect(chooseKept(kept, found)).toEqual({
        snapshot: expect.objectContaining({ metadata: expect.objectContaining({ name: 'new' }) }),
      });
  });

  it('a newer one that is not ready, is being deleted or has failed is passed over, and told', () => {
    const { creationTime: _, ...waiting } = snapshot('waits', 'library', 4, { readyToUse: false }).status ?? {};
    const unready: [VolumeSnapshot, RegExp][] = [
      [{ ...snapshot('waits', 'library', 4), status: waiting }, /^waits: it is not ready; it is newer/],
      [snapshot('failed', 'library', 4, { readyToUse: false, error: { message: 'no space' } }), /^failed: no space;/],
      [
        { ...snapshot('dying', 'library', 4), metadata: { name: 'dying', uid: 'x', deletionTimestamp: 'now' } },
        /^dying: it is being deleted;/,
      ],
    ];
    for (const [one, told] of unready) {
      const chosen = chooseKept(kept, [...FOUND, one]);
      expect(chosen.snapshot.metadata.name).toBe('new');
      expect(chosen.passedOver).toMatch(told);
    }
  });

  it('without any it is a matter of the configuration, and names those that have some', () => {
    const choose = () => chooseKept({ namespace: NAMESPACE, claim: 'videos' }, FOUND);
    expect(choose).toThrow(/no VolumeSnapshot of the claim videos in the namespace photos.*some of library, music/);
    expect(choose).toThrow(expect.objectContaining({ blame: 'usage' }));
  });

  it('where none is ready there is no backup', () => {
    const choose = () => chooseKept(kept, [snapshot('only', 'library', 1, { readyToUse: false })]);
    expect(choose).toThrow(/cannot be restored from: only: it is not ready/);
    expect(choose).toThrow(expect.objectContaining({ blame: 'backup' }));
  });
});

it('one that is named is taken, and no other in its place', () => {
  expect(chooseKept({ namespace: NAMESPACE, name: 'old' }, FOUND).snapshot.metadata.name).toBe('old');
  expect(() => chooseKept({ namespace: NAMESPACE, name: 'gone' }, FOUND)).toThrow(/no VolumeSnapshot "gone"/);
  const failed = snapshot('old', 'library', 1, { readyToUse: false, error: { message: 'no space' } });
  expect(() => chooseKept({ namespace: NAMESPACE, name: 'old' }, [failed])).toThrow(/"old".*no space/);
});
