import { expect, it } from 'vitest';
import type { HistoryEntry } from '../history/entry.ts';
import type { RunSummary } from '../history/run-summary.ts';
import { sampleSummary } from '../samples/history.ts';
import { samples } from '../samples/samples.ts';
import { versionCondition } from './version-condition.ts';

const { passed, failed, unknown, interrupted } = samples;
const DRILL = passed.drill.name;

type Result = (typeof samples)[keyof typeof samples];

function rehearsed(result: Result, version: string | undefined, changes: Partial<RunSummary> = {}): RunSummary {
  const said = version === undefined ? {} : { rehearsedVersion: version };
  return sampleSummary(new Date(0), { result, drill: `${DRILL}-upgrade`, ...said, ...changes });
}

function judged(runs: readonly RunSummary[], toVersion: string): string {
  const all = [...runs, sampleSummary(new Date(0))];
  const entries = all.map((one, index): HistoryEntry => {
    return { ...one, schemaVersion: 1, seq: index + 1, previous: '', hash: '' };
  });
  const last = entries.at(-1) as HistoryEntry;
  const { met, code } = versionCondition(last, { drill: DRILL, toVersion }, { entries });
  return met ? 'met' : code;
}

const BLIND = { checks: { pass: 5, fail: 0, unknown: 1 } };

/** The rehearsals, oldest first, and what they come to for an upgrade to v3.2.0. */
const TABLE: [string, RunSummary[], string][] = [
  ['none', [], 'met'],
  ['a pass', [rehearsed(passed, 'v3.2.0')], 'met'],
  ['a pass without the letter', [rehearsed(passed, '3.2.0')], 'met'],
  ['a fail', [rehearsed(failed, '3.2.0')], 'rehearsal-failed'],
  ['an unknown', [rehearsed(unknown, 'v3.2.0')], 'rehearsal-unknown'],
  ['one that was interrupted', [rehearsed(interrupted, 'v3.2.0')], 'rehearsal-unknown'],
  ['a pass with a check that could not look', [rehearsed(passed, 'v3.2.0', BLIND)], 'rehearsal-unknown'],
  ['a pass after a fail', [rehearsed(failed, 'v3.2.0'), rehearsed(passed, 'v3.2.0')], 'met'],
  ['a fail after a pass', [rehearsed(passed, 'v3.2.0'), rehearsed(failed, 'v3.2.0')], 'rehearsal-failed'],
  ['an unknown after a pass', [rehearsed(passed, 'v3.2.0'), rehearsed(unknown, 'v3.2.0')], 'rehearsal-unknown'],
  ['a fail of another', [rehearsed(failed, 'v3.3.0')], 'met'],
  ['an unknown of another', [rehearsed(unknown, 'v3.3.0')], 'met'],
  ['a fail of no known version', [rehearsed(failed, 'unknown')], 'rehearsal-failed'],
  ['a fail without a version', [rehearsed(failed, undefined)], 'rehearsal-failed'],
  ['an unknown of no known version', [rehearsed(unknown, 'unknown')], 'rehearsal-unknown'],
  ['such a one after a pass', [rehearsed(passed, 'v3.2.0'), rehearsed(failed, 'unknown')], 'rehearsal-failed'],
  ['such a one before a pass', [rehearsed(failed, 'unknown'), rehearsed(passed, 'v3.2.0')], 'met'],
  [
    'such a one before a pass of another',
    [rehearsed(failed, 'unknown'), rehearsed(passed, 'v3.3.0')],
    'rehearsal-failed',
  ],
  ['a fail under the version of the backup', [rehearsed(failed, passed.drill.workload.version)], 'rehearsal-failed'],
  ['a fail of a short name', [rehearsed(failed, 'v3')], 'rehearsal-failed'],
  ['a fail of a short name that passed', [rehearsed(failed, 'v3'), rehearsed(passed, 'v3')], 'met'],
  ['a fail of another short name', [rehearsed(failed, 'v4')], 'met'],
  ['a fail whose tag names it', [rehearsed(failed, 'v3.1.9', { namedVersion: 'v3.2.0' })], 'rehearsal-failed'],
  [
    'such a one, and what its server said passed',
    [rehearsed(failed, 'v3.1.9', { namedVersion: 'v3.2.0' }), rehearsed(passed, 'v3.1.9')],
    'rehearsal-failed',
  ],
  ['those of another drill', [rehearsed(failed, 'v3.2.0', { drill: 'other-upgrade' })], 'met'],
];

it.each(TABLE)('an upgrade after %s', (_what, runs, expected) => {
  expect([judged(runs, 'v3.2.0'), judged(runs, '3.2.0')]).toEqual([expected, expected]);
});
