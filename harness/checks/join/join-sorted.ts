import { DrillError } from '../../model/error.ts';
import { compareBytes } from '../../model/manifest.ts';
import { SortedCursor } from './sorted-cursor.ts';

/** All entries of both lists that have one key. */
export interface Joined<Left, Right> {
  readonly key: string;
  readonly left: readonly Left[];
  readonly right: readonly Right[];
}

/** The entry of each list that has the key, where there is one. */
export interface Paired<Left, Right> {
  readonly key: string;
  readonly left: Left | undefined;
  readonly right: Right | undefined;
}

/** Merges two lists sorted by key as UTF-8 bytes; holds no more than the entries of one key. */
export async function* joinSorted<Left, Right>(
  left: AsyncIterable<Left>,
  right: AsyncIterable<Right>,
  key: (item: Left | Right) => string,
): AsyncGenerator<Joined<Left, Right>> {
  await using leftCursor = new SortedCursor<Left>(left, key, 'left');
  await using rightCursor = new SortedCursor<Right>(right, key, 'right');
  for (;;) {
    const lowest = lower((await leftCursor.peek())?.key, (await rightCursor.peek())?.key);
    if (lowest === undefined) return;
    yield { key: lowest, left: await take(leftCursor, lowest), right: await take(rightCursor, lowest) };
  }
}

/** Like `joinSorted`, for lists in which every key occurs once; a key that comes twice is an error. */
export async function* joinUnique<Left, Right>(
  left: AsyncIterable<Left>,
  right: AsyncIterable<Right>,
  key: (item: Left | Right) => string,
): AsyncGenerator<Paired<Left, Right>> {
  for await (const joined of joinSorted(left, right, key)) {
    if (joined.left.length > 1 || joined.right.length > 1) throw repeated(joined.key);
    yield { key: joined.key, left: joined.left[0], right: joined.right[0] };
  }
}

function lower(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareBytes(a, b) <= 0 ? a : b;
}

async function take<Item>(cursor: SortedCursor<Item>, key: string): Promise<Item[]> {
  const taken: Item[] = [];
  for (let current = await cursor.peek(); current?.key === key; current = await cursor.peek()) {
    taken.push(current.item);
    await cursor.advance();
  }
  return taken;
}

function repeated(key: string): DrillError {
  return new DrillError({
    code: 'list-key-repeated',
    where: 'check/join',
    what: `Every key should occur once in a list, but ${JSON.stringify(key)} comes twice.`,
    next: 'Look at how the list was recorded.',
    blame: 'harness',
  });
}
