import type { Evidence } from '../../model/check.ts';
import type { Receipt } from '../../model/path.ts';
import type { LedgerEntry } from '../../model/workload.ts';
import { instantMs, newestReceipt } from './timeline.ts';

/**
 * Where a write stands to the backup of a component: `before` it began, `during` it, `after` it ended; `alive` when the
 * component was never struck, so that all writes are still due; `unplaced` when no receipt says when the backup was.
 */
export type Zone = 'before' | 'during' | 'after' | 'alive' | 'unplaced';

/** Places writes against the newest backup of one component. */
export function ledgerZones(evidence: Evidence, component: string): (entry: LedgerEntry) => Zone {
  if (!evidence.struck.includes(component)) return () => 'alive';
  const receipt = newestReceipt(evidence, component);
  return receipt ? (entry) => against(receipt, entry) : () => 'unplaced';
}

function against(receipt: Receipt, entry: LedgerEntry): Zone {
  if (instantMs(entry.writtenAt) < instantMs(receipt.startedAt)) return 'before';
  return instantMs(entry.startedAt ?? entry.writtenAt) > instantMs(receipt.endedAt) ? 'after' : 'during';
}
