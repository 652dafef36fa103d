/** What a check, or a whole run, comes to. `unknown` means that it could not be verified, and is never green. */
export type Verdict = 'pass' | 'fail' | 'unknown';

const ORDER: readonly Verdict[] = ['fail', 'unknown', 'pass'];

/** The verdict of many: any fail is fail, otherwise any unknown is unknown; nothing to combine is unknown. */
export function combineVerdicts(verdicts: Iterable<Verdict>): Verdict {
  const seen = new Set(verdicts);
  return ORDER.find((verdict) => seen.has(verdict)) ?? 'unknown';
}
