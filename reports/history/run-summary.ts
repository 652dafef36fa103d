import { NAMED_VERSION, REHEARSED_VERSION } from '../../harness/model/rehearsed-version.ts';
import type { RpoReport, RtoReport, RunResult } from '../../harness/model/result.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { type Outcome, outcomeOf, redChecks } from '../digest/outcome.ts';
import { oneLine } from '../text/one-line.ts';

const MOST_RED = 20;
const RED_LONGEST = 200;

/** A backup that a run restored, as its tool named it. */
export interface BackupUsed {
  readonly component: string;
  readonly path: string;
  readonly id: string;
  readonly endedAt: string;
}

/** What the history keeps of a run: enough for gates, metrics and auditors, and little enough to keep for years. */
export interface RunSummary {
  /** First, so that even the beginning of a line that was cut tells whose it is. */
  readonly drill: string;
  readonly run: Pick<RunResult['run'], 'id' | 'startedAt' | 'endedAt' | 'seconds' | 'folder'>;
  readonly substrate: string;
  readonly disaster: string;
  readonly workload: { readonly name: string; readonly version: string };
  readonly outcome: Outcome;
  readonly verdict: Verdict;
  readonly checks: Readonly<Record<Verdict, number>>;
  /** The checks and failures that kept the run from passing, at most 20, for people. */
  readonly red: readonly string[];
  readonly rto: RtoReport;
  readonly rpo: RpoReport;
  /** Assets whose rows and bytes were compared and found right; null when no check did that. */
  readonly assetsVerified: number | null;
  readonly notTested: number;
  /** Whether the run was told to do other than the drill says: to leave out components, or to strike with another disaster. */
  readonly partial: boolean;
  /** The numbers among the facts of the run, such as how many assets and users there were, and what else was counted. */
  readonly counts: Readonly<Record<string, number>>;
  readonly backups: readonly BackupUsed[];
  /** The version that was started on what was restored, where that was rehearsed; `unknown` when nobody has said. */
  readonly rehearsedVersion?: string;
  /** The version that the tag of its image names, where it names one. */
  readonly namedVersion?: string;
  /** SHA-256 of the run's `result.json`; null when it could not be written. */
  readonly resultSha256: string | null;
}

/** What of a result goes into the history. */
export function summaryOf(
  result: RunResult,
  { partial = false, resultSha256 = null }: { partial?: boolean; resultSha256?: string | null } = {},
): RunSummary {
  const outcome = outcomeOf(result);
  const { [REHEARSED_VERSION]: rehearsed, [NAMED_VERSION]: named } = result.facts;
  const { id, startedAt, endedAt, seconds, folder } = result.run;
  const { name, substrate, disaster, workload } = result.drill;
  const count = (wanted: Verdict) => result.checks.filter(({ verdict }) => verdict === wanted).length;
  return {
    drill: name,
    run: { id, startedAt, endedAt, seconds, folder },
    substrate,
    disaster,
    workload: { name: workload.name, version: workload.version },
    outcome,
    verdict: outcome === 'pass' || outcome === 'fail' ? outcome : 'unknown',
    checks: { pass: count('pass'), fail: count('fail'), unknown: count('unknown') },
    red: redOf(result),
    rto: result.rto,
    rpo: result.rpo,
    assetsVerified: assetsVerifiedBy(result),
    notTested: result.notTested.length,
    partial,
    counts: countsOf(result),
    backups: result.backups.map(({ component, path, id, endedAt }) => ({ component, path, id, endedAt })),
    ...(rehearsed !== undefined && { rehearsedVersion: String(rehearsed) }),
    ...(named !== undefined && { namedVersion: String(named) }),
    resultSha256,
  };
}

function redOf(result: RunResult): string[] {
  const checks = redChecks(result).map(
    ({ component, name, verdict, actual }) => `${component}/${name} is ${verdict}: ${actual}`,
  );
  const failures = result.failures.map(({ phase, code, message }) => `${phase} stopped (${code}): ${message}`);
  return [...failures, ...checks].slice(0, MOST_RED).map((line) => oneLine(line, RED_LONGEST));
}

/** A drill may count them itself; otherwise they are those whose rows were all joined with their files, or a sample of them. */
function assetsVerifiedBy({ checks, facts, backups }: RunResult): number | null {
  const { assetsVerified, assets, externalAssets } = facts;
  if (typeof assetsVerified === 'number') return assetsVerified;
  const joined = checks.find(({ name }) => name === 'rows-to-files')?.verdict === 'pass';
  if (!joined || typeof assets !== 'number') return null;
  const own = assets - (typeof externalAssets === 'number' ? externalAssets : 0);
  const sampled = backups.find(({ details }) => details.sampled !== undefined)?.details.sampled;
  return Math.min(own, typeof sampled === 'number' ? sampled : own);
}

function countsOf({ facts, numbers }: RunResult): Record<string, number> {
  const counted = Object.entries(facts).filter((fact): fact is [string, number] => typeof fact[1] === 'number');
  return { ...Object.fromEntries(counted), ...numbers };
}
