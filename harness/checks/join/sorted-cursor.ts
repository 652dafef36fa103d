import { DrillError } from '../../model/error.ts';
import { compareBytes } from '../../model/manifest.ts';

/** Reads a sorted list one entry at a time; a list that is out of order is an error, because a merge would misread it. */
export class SortedCursor<Item> implements AsyncDisposable {
  readonly #iterator: AsyncIterator<Item>;
  readonly #key: (item: Item) => string;
  readonly #name: string;
  #current: { readonly key: string; readonly item: Item } | undefined;
  #started = false;

  constructor(list: AsyncIterable<Item>, key: (item: Item) => string, name: string) {
    this.#iterator = list[Symbol.asyncIterator]();
    this.#key = key;
    this.#name = name;
  }

  /** The entry that the cursor stands on; undefined at the end. */
  async peek(): Promise<{ readonly key: string; readonly item: Item } | undefined> {
    if (!this.#started) await this.advance();
    return this.#current;
  }

  async advance(): Promise<void> {
    const last = this.#current?.key;
    this.#started = true;
    const next = await this.#iterator.next();
    if (next.done) {
      this.#current = undefined;
      return;
    }
    const key = this.#key(next.value);
    if (last !== undefined && compareBytes(last, key) > 0) throw unsorted(this.#name, last, key);
    this.#current = { key, item: next.value };
  }

  /** Moves forward to the key; gives its first entry, or undefined when the list does not have it. Keys must not go back. */
  async seek(key: string): Promise<Item | undefined> {
    let current = await this.peek();
    while (current !== undefined && compareBytes(current.key, key) < 0) {
      await this.advance();
      current = await this.peek();
    }
    return current?.key === key ? current.item : undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#iterator.return?.();
  }
}

function unsorted(name: string, first: string, second: string): DrillError {
  return new DrillError({
    code: 'list-not-sorted',
    where: 'check/join',
    what: `The ${name} list should be sorted by UTF-8 bytes, but ${JSON.stringify(first)} comes before ${JSON.stringify(second)}.`,
    next: 'Look at how the list was recorded: it must be sorted as `LC_ALL=C sort` does.',
    blame: 'harness',
  });
}
