/** The names of what a list holds; undefined where there is no list. */
export function namesOf<Item>(
  list: AsyncIterable<Item> | undefined,
  name: (item: Item) => string,
): AsyncIterable<string> | undefined {
  return list && each(list, name);
}

async function* each<Item>(list: AsyncIterable<Item>, name: (item: Item) => string): AsyncGenerator<string> {
  for await (const item of list) yield name(item);
}
