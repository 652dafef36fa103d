import type { Tone } from '../digest/page.ts';
import { formatCount, formatMany, formatMoment } from '../digest/quantities.ts';
import type { Compliance } from './compliance.ts';

/** What the report says first. */
export interface ComplianceHeadline {
  readonly tone: Tone;
  readonly word: string;
  readonly sentence: string;
  readonly facts: readonly (readonly [string, string])[];
}

/** The verdict over the whole time, in a few words. */
export function complianceHeadline({
  attention,
  drills,
  since,
  until,
  beginsAt,
  history,
}: Compliance): ComplianceHeadline {
  const runs = drills.flatMap((drill) => drill.runs);
  const count = (verdict: string) => runs.filter((run) => run.verdict === verdict).length;
  const tone = attention.some((one) => one.tone === 'bad') ? 'bad' : attention.length > 0 ? 'doubt' : 'good';
  const chain = {
    whole: 'hash chain intact',
    empty: 'empty',
    torn: 'its last record was cut by a kill',
    tampered: 'TAMPERED WITH',
  }[history.state];
  const { signed } = history;
  const signatures =
    signed.entries === 0
      ? 'not signed'
      : `${formatCount(signed.entries)} signed${signed.verified ? ' and verified' : ', not verified'}`;
  return {
    tone,
    word:
      attention.length === 0
        ? 'Nothing needs attention'
        : `${formatMany(attention.length, 'thing')} need${attention.length === 1 ? 's' : ''} attention`,
    sentence: `${formatMany(runs.length, 'restore drill')}: ${formatCount(count('pass'))} passed, ${formatCount(count('fail'))} failed, ${formatCount(count('unknown'))} could not be verified.`,
    facts: [
      ['From', formatMoment(since)],
      ['To', formatMoment(until)],
      ['History begins', beginsAt === null ? 'not yet' : formatMoment(beginsAt)],
      ['History', `${formatMany(history.records, 'record')}, ${chain}, ${signatures}`],
    ],
  };
}
