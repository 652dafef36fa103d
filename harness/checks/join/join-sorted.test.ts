import { describe, expect, it } from 'vitest';
import { streamed } from '../testing/evidence-builder.ts';
import { joinSorted, joinUnique } from './join-sorted.ts';

const same = (text: string): string => text;

async function joined(left: string[], right: string[]): Promise<string[]> {
  const all: string[] = [];
  for await (const { key, left: l, right: r } of joinSorted(streamed(left), streamed(right), same)) {
    all.push(`${key}:${l.length}${r.length}`);
  }
  return all;
}

describe('joinSorted', () => {
  it('pairs equal keys and leaves the others alone', async () => {
    expect(await joined(['a', 'b', 'd'], ['b', 'c', 'd', 'e'])).toEqual(['a:10', 'b:11', 'c:01', 'd:11', 'e:01']);
  });

  it('gives all entries of a key at once', async () => {
    expect(await joined(['a', 'a'], ['a', 'a', 'a'])).toEqual(['a:23']);
  });

  it('joins with an empty list', async () => {
    expect(await joined([], ['a'])).toEqual(['a:01']);
    expect(await joined([], [])).toEqual([]);
  });

  it('orders as UTF-8 does, not as UTF-16', async () => {
    const astral = '\u{1F600}';
    const late = '\uFF5E';
    expect(await joined([late, astral], [late, astral])).toEqual([`${late}:11`, `${astral}:11`]);
    await expect(joined([astral, late], [])).rejects.toMatchObject({ code: 'list-not-sorted' });
  });

  it.each([
    [['b', 'a'], []],
    [[], ['b', 'a']],
    [['a', 'c', 'b'], ['a']],
  ])('refuses lists that are not sorted: %j and %j', async (left, right) => {
    await expect(joined(left, right)).rejects.toMatchObject({ code: 'list-not-sorted', blame: 'harness' });
  });

  it('holds no more than it gives, and closes both lists when it is left early', async () => {
    let read = 0;
    const closed: string[] = [];
    async function* endless(name: string): AsyncGenerator<string> {
      try {
        for (;;) yield String(read++).padStart(9, '0');
      } finally {
        closed.push(name);
      }
    }
    for await (const { key } of joinSorted(endless('left'), endless('right'), same)) if (key > '000000010') break;
    expect(read).toBeLessThan(20);
    expect(closed.toSorted()).toEqual(['left', 'right']);
  });
});

describe('joinUnique', () => {
  it('refuses a key that comes twice', async () => {
    const all = joinUnique(streamed(['a', 'a']), streamed(['a']), same);
    await expect(all.next()).rejects.toMatchObject({ code: 'list-key-repeated' });
  });

  it('gives one entry a side', async () => {
    const all = joinUnique(streamed(['a']), streamed(['b']), same);
    expect((await all.next()).value).toEqual({ key: 'a', left: 'a', right: undefined });
    expect((await all.next()).value).toEqual({ key: 'b', left: undefined, right: 'b' });
  });
});
