import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Lister } from '../model/kind.ts';
import { KIND_NAMES, kindOf } from './kinds.ts';

const NOTHING_KEPT = {
  keeps: { mode: false, owner: false, mtime: false, emptyFolders: false },
  leavesOut: [],
  quiesce: false,
};

describe('the kinds', () => {
  it('are the folders here', () => {
    const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(KIND_NAMES.toSorted()).toEqual(folders.map(({ name }) => name).sort());
    for (const kind of KIND_NAMES) expect(kindOf({ kind }).name).toBe(kind);
  });

  it.each(KIND_NAMES)('%s tells its marks by the list that it holds, and by no other', (kind) => {
    const { holds, marks } = kindOf({ kind });
    const asked: string[] = [];
    const none: Lister = (list) => {
      asked.push(list);
      return undefined;
    };
    expect(marks(none)).toBeUndefined();
    expect(asked).toEqual([holds]);
  });

  it('lose attributes of files, and nothing of what has none', () => {
    expect(kindOf({ kind: 'volume' }).attributesLost(NOTHING_KEPT)).toEqual([
      'mode',
      'owner',
      'mtime',
      'empty folders',
    ]);
    expect(kindOf({ kind: 'postgres' }).attributesLost(NOTHING_KEPT)).toEqual([]);
  });
});
