import type { Evidence } from '../../model/check.ts';
import type { LedgerEntry } from '../../model/workload.ts';
import { ledgerZones } from './ledger-zones.ts';
import type { Tally } from './tally.ts';
import { instantMs, phaseStartMs } from './timeline.ts';

/**
 * The marks that the ledger left in a component once recording had begun: what `before` says of them depends on when it
 * looked, so that only their presence is judged. Marks from before the recording are ordinary data.
 */
export class MovingMarks {
  readonly #required = new Map<string, boolean>();
  readonly #folders = new Set<string>();
  readonly #due = new Set<string>();

  constructor(evidence: Evidence, tally: Tally, component: string, ignored: (key: string) => boolean = () => false) {
    const zone = ledgerZones(evidence, component);
    const recordedMs = phaseStartMs(evidence, 'record') ?? Number.NEGATIVE_INFINITY;
    for (const entry of evidence.ledger) {
      const keys = keysIn(entry, component).filter((key) => !ignored(key));
      if (keys.length === 0 || instantMs(entry.writtenAt) < recordedMs) continue;
      const where = zone(entry);
      if (where === 'unplaced') tally.gap(`no receipt says when the backup of ${component} was made`);
      for (const key of keys) this.#note(key, where === 'before' || where === 'alive');
    }
  }

  /** How many marks there are. */
  get size(): number {
    return this.#required.size;
  }

  has(key: string): boolean {
    return this.#required.has(key);
  }

  /** Whether the mark must be there after the restore, and was not looked at yet. */
  isDue(key: string): boolean {
    return this.#due.has(key);
  }

  /** Notes that a mark was found, or that its absence is reported already. */
  settle(key: string): void {
    this.#due.delete(key);
  }

  /** Marks that must be there and that no list had, in the order of the ledger. */
  due(): Iterable<string> {
    return this.#due;
  }

  /** Whether a mark lies somewhere below the folder, so that the folder came, or changed, with the ledger. */
  isAbove(folder: string): boolean {
    return this.#folders.has(folder);
  }

  #note(key: string, required: boolean): void {
    this.#required.set(key, required || this.#required.get(key) === true);
    if (required) this.#due.add(key);
    for (let end = key.lastIndexOf('/'); end > 0; end = key.lastIndexOf('/', end - 1)) {
      this.#folders.add(key.slice(0, end));
    }
  }
}

/** The keys of the marks that a write left in one component. */
export function keysIn(entry: LedgerEntry, component: string): string[] {
  return entry.marks.filter((mark) => mark.component === component).map((mark) => mark.key);
}
