import { join, relative } from 'node:path';
import { SortedCursor } from '../../../../checks/join/sorted-cursor.ts';
import type { Evidence } from '../../../../model/check.ts';
import type { PlaceEntry } from '../../../../model/watch.ts';

type Cursor = SortedCursor<PlaceEntry>;

/** What a running Immich has done to its folder while it was drilled, by the lists of before and after; of a backup, nothing. */
export class Meanwhile implements AsyncDisposable {
  readonly #below: string;
  readonly #lists: { readonly before: Cursor; readonly after: Cursor } | undefined;

  /** Paths must be asked for in the order of the lists, and be relative to the media root, as those of the library are. */
  constructor(evidence: Evidence, library: string) {
    const place = evidence.places.find(({ inUse }) => inUse !== undefined);
    const receipt = evidence.receipts.find(({ component }) => component === library);
    const before = place && evidence.list('before', place.evidence, 'place');
    const after = place && evidence.list('after', place.evidence, 'place');
    this.#below = place && receipt ? relative(place.id, join(receipt.id, String(receipt.details.root))) : '';
    if (!before || !after || !receipt || place.trouble !== undefined) return;
    const cursor = (list: AsyncIterable<PlaceEntry>) =>
      new SortedCursor(list, ({ path }) => path, `entries of ${place.id}`);
    this.#lists = { before: cursor(before), after: cursor(after) };
  }

  /** A file was not there yet when the drill began, or was still being written. */
  async came(path: string): Promise<boolean> {
    const { before, after } = await this.#seek(path);
    return after !== undefined && JSON.stringify(before?.facts) !== JSON.stringify(after.facts);
  }

  /** A file was there when the drill began, or may have come since, and is not there any more. */
  async went(path: string, cameSince: boolean): Promise<boolean> {
    const { before, after } = await this.#seek(path);
    return this.#lists !== undefined && after === undefined && (before !== undefined || cameSince);
  }

  async #seek(path: string): Promise<{ before?: PlaceEntry | undefined; after?: PlaceEntry | undefined }> {
    const at = this.#below === '' ? path : `${this.#below}/${path}`;
    return { before: await this.#lists?.before.seek(at), after: await this.#lists?.after.seek(at) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lists?.before[Symbol.asyncDispose]();
    await this.#lists?.after[Symbol.asyncDispose]();
  }
}
