import { randomInt } from 'node:crypto';

/** Some of the items, each with the same chance; all of them when there are no more than that. */
export function pickSome<Item>(
  items: readonly Item[],
  count: number,
  pick: (below: number) => number = randomInt,
): Item[] {
  const left = [...items];
  const chosen: Item[] = [];
  while (chosen.length < count && left.length > 0) {
    const at = pick(left.length);
    const [item, last] = [left[at], left.pop()];
    if (item !== undefined) chosen.push(item);
    if (last !== undefined && at < left.length) left[at] = last;
  }
  return chosen;
}
