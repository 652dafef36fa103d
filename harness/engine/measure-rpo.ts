import type { LedgerEntry } from '../model/workload.ts';

const MS_PER_SECOND = 1_000;

/** Tells whether a mark of the ledger is there after the restore; a `Set` of marks will do. */
export interface MarkLookup {
  has(key: string): boolean | Promise<boolean>;
}

/** What the RPO is measured from. */
export interface RpoInput {
  readonly ledger: readonly LedgerEntry[];
  /** The marks that are there, by component; components without a lookup are not measured. */
  readonly survivors: Readonly<Record<string, MarkLookup>>;
  /** When the disaster began, as ISO 8601. */
  readonly struckAt: string;
  /** Marks that need not come back, because the workload makes them again. */
  readonly isRegenerable?: (component: string, key: string) => boolean;
}

/**
 * Seconds of writes that each component lost: from the last write that survived together with all before it, to the
 * disaster. Null when the ledger wrote nothing there, or when already its first write is lost.
 */
export async function measureRpo(input: RpoInput): Promise<Record<string, number | null>> {
  const ledger = input.ledger.toSorted((a, b) => a.sequence - b.sequence);
  const seconds: Record<string, number | null> = {};
  for (const [component, survivors] of Object.entries(input.survivors)) {
    const last = await lastOfPrefix(ledger, component, survivors, input.isRegenerable ?? (() => false));
    seconds[component] = last
      ? Math.max(0, Date.parse(input.struckAt) - Date.parse(last.writtenAt)) / MS_PER_SECOND
      : null;
  }
  return seconds;
}

async function lastOfPrefix(
  ledger: readonly LedgerEntry[],
  component: string,
  survivors: MarkLookup,
  isRegenerable: (component: string, key: string) => boolean,
): Promise<LedgerEntry | undefined> {
  let last: LedgerEntry | undefined;
  for (const entry of ledger) {
    const marks = entry.marks.filter((mark) => mark.component === component && !isRegenerable(component, mark.key));
    if (marks.length === 0) continue;
    for (const { key } of marks) if (!(await survivors.has(key))) return last;
    last = entry;
  }
  return last;
}
