import type { Evidence } from '../../model/check.ts';
import { DrillError } from '../../model/error.ts';
import type { Receipt } from '../../model/path.ts';

/** Milliseconds since the epoch of an ISO time; a time that cannot be read is an error, because nothing compares with it. */
export function instantMs(iso: string): number {
  const ms = Date.parse(iso);
  if (!Number.isNaN(ms)) return ms;
  throw new DrillError({
    code: 'time-unreadable',
    where: 'check/timeline',
    what: `Times in the evidence should be in ISO 8601, but one is ${JSON.stringify(iso)}.`,
    next: 'Look at what wrote that time: a receipt, the ledger or the journal.',
    blame: 'harness',
  });
}

/** When a phase began, in milliseconds; undefined when the run did not get there. */
export function phaseStartMs(evidence: Evidence, phase: string): number | undefined {
  const times = evidence.phases[phase];
  return times && instantMs(times.startedAt);
}

/** The backup of a component that was made last, which is the one that is restored. */
export function newestReceipt(evidence: Evidence, component: string): Receipt | undefined {
  let newest: Receipt | undefined;
  for (const receipt of evidence.receipts) {
    if (receipt.component !== component) continue;
    if (!newest || instantMs(receipt.endedAt) >= instantMs(newest.endedAt)) newest = receipt;
  }
  return newest;
}

/** Components that have a backup path, in the order of the workload. */
export function protectedComponents(evidence: Evidence): string[] {
  return evidence.components.map(({ name }) => name).filter((name) => evidence.promises[name] !== undefined);
}
