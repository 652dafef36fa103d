import type { CheckResult, Failure, RunResult } from '../model/result.ts';
import type { Catcher } from '../model/sabotage.ts';
import type { Complaint, SabotageCell } from '../model/sabotage-result.ts';
import type { Verdict } from '../model/verdict.ts';

const SAID_LONGEST = 300;

/** What machines and networks do by themselves; `service-lost` is not among them, as a ruined copy ends its server. */
const BY_ITSELF: ReadonlySet<string> = new Set([
  ...['disk-full', 'disk-broken', 'evidence-not-written', 'out-of-memory', 'out-of-resources'],
  ...['source-unreachable', 'server-troubled', 'connection-lost', 'tls-failed', 'tool-killed', 'no-progress'],
]);

/** Whether a failure may have come by itself, whatever was ruined. */
export function isByItself({ code, verdict }: Pick<Failure, 'code' | 'verdict'>): boolean {
  return verdict === 'unknown' && BY_ITSELF.has(code);
}

/** All that a check found wrong, as text; the first findings are in the result, the rest in the evidence. */
export type ReadFindings = (check: CheckResult) => string;

/** Everything of a run that did not pass, with what it named of the harm. */
export function complaintsOf(
  result: RunResult,
  expects: readonly Catcher[],
  harmed: readonly string[],
  read: ReadFindings,
  ruinsSurroundings = false,
): Complaint[] {
  const named = (text: string) => harmed.filter((name) => text.includes(name));
  const checks = result.checks
    .filter(({ verdict }) => verdict !== 'pass')
    .map((check) => ({
      by: `${check.name} of ${check.component}`,
      expected: expects.includes(`check ${check.name}`) && check.verdict === 'fail',
      said: `${check.verdict}: ${check.actual}`.slice(0, SAID_LONGEST),
      named: named(`${check.actual}\n${read(check)}`),
    }));
  const failures = result.failures.map((failure) => ({
    by: [failure.phase, failure.component ?? []].flat().join(' of '),
    // A harness that breaks has not judged anything, and a disk that fills up by itself has caught nothing.
    expected:
      expects.includes(`phase ${failure.phase}`) &&
      ['fail', 'unknown'].includes(failure.verdict) &&
      (ruinsSurroundings || !isByItself(failure)),
    said: failure.message.slice(0, SAID_LONGEST),
    named: named(`${failure.component ?? ''} ${failure.message}\n${failure.tail}`),
  }));
  return [...checks, ...failures];
}

/** What is known of a ruined run when its judges have spoken. */
export type Judged = Pick<SabotageCell, 'harmed' | 'complaints' | 'verdict'>;

/**
 * Why a sabotage got through; empty when it was caught: the run is not a pass, something that was expected to catch it says
 * so, and between them these name all that was harmed.
 */
export function gotThrough({ harmed, complaints, verdict }: Judged): string {
  if (harmed.length === 0) return 'it did no harm: nothing was there to be ruined';
  if (verdict === 'pass') return 'the run passed';
  const catches = complaints.filter(({ expected }) => expected);
  const others = complaints.map(({ by }) => by).join(', ') || 'nothing';
  if (catches.length === 0) return `none of those that should catch it did; what spoke was ${others}`;
  const unnamed = harmed.filter((name) => !catches.some(({ named }) => named.includes(name)));
  if (unnamed.length === 0) return '';
  return `${catches.map(({ by }) => by).join(', ')} did not name ${unnamed.slice(0, 3).join(', ')}`;
}

/** The same run as if a check were not there: what would have got through without it. */
export function withoutCheck(cell: Judged, by: string): Judged {
  const complaints = cell.complaints.filter((complaint) => complaint.by !== by);
  const verdict: Verdict = complaints.length === 0 ? 'pass' : cell.verdict;
  return { ...cell, complaints, verdict };
}
