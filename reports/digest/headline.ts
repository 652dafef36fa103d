import { REHEARSED_VERSION } from '../../harness/model/rehearsed-version.ts';
import type { CheckResult, Failure, Phase, RunResult } from '../../harness/model/result.ts';
import { componentTitle } from './components.ts';
import { judgesObjective, type Outcome, outcomeOf, outcomeWord } from './outcome.ts';
import { phaseTitle } from './phase-title.ts';
import { formatMany, formatSeconds, isMeasured } from './quantities.ts';
import { runTypeOf } from './run-type.ts';

/** The verdict in one word and in plain words. */
export interface Headline {
  readonly outcome: Outcome;
  readonly word: string;
  readonly sentence: string;
}

/** The check of what a newer version was given. */
export const RESTORED = 'restored';
const UPGRADE_SECONDS = 'seconds until it served';

const LIST = new Intl.ListFormat('en-US', { style: 'long', type: 'conjunction' });
const STOPPED: Partial<Record<Phase, string>> = {
  backup: 'The backup could not be made',
  restore: 'The backup could not be restored',
  upgrade: 'The newer version could not be started on what was restored',
  strike: 'The disaster could not be staged',
  'prove-gone': 'The data was not proved gone, so nothing could be restored over it',
};

/** What a tired person must read first. */
export function headlineOf(result: RunResult): Headline {
  const outcome = outcomeOf(result);
  return { outcome, word: outcomeWord(outcome), sentence: sentenceOf(outcome, result) };
}

/** Whether a newer version was to be started on what was restored. */
export function isUpgrade(result: RunResult): boolean {
  return runTypeOf(result) === 'upgrade';
}

function sentenceOf(outcome: Outcome, result: RunResult): string {
  const phase = `in the phase "${phaseTitle(result.run.phaseReached)}"`;
  switch (outcome) {
    case 'pass':
      return passed(result);
    case 'fail':
      return failed(result);
    case 'unknown':
      return unknown(result);
    case 'harness':
      return `The drill itself broke ${phase}. This says nothing about the backups.`;
    case 'interrupted':
      return `The drill was interrupted ${phase}. This says nothing about the backups.`;
    case 'usage':
      return 'The drill could not start, because of how it was called or configured. Nothing was tested.';
  }
}

function passed(result: RunResult): string {
  const { workload } = result.drill;
  const name = `${capitalised(workload.name)} ${workload.version}`;
  const passes = `${tally(result.checks, 'pass')} passed`;
  if (isUpgrade(result))
    return `${name} can be taken to ${result.facts[REHEARSED_VERSION]}: ${passes}. It served after ${formatSeconds(Number(result.facts[UPGRADE_SECONDS]))} (answered by ${result.facts['answered by']}).`;
  const sampled = result.backups.find(({ details }) => details.sampled !== undefined)?.details.sampled;
  if (sampled !== undefined)
    return `A sample of ${formatMany(Number(sampled), 'file')} of ${name} came back right: ${passes}. The others were only listed.`;
  const by = result.facts['answered by'];
  const answered = by === undefined ? '' : ` (answered by ${by})`;
  const took = isMeasured(result.rto.seconds)
    ? ` It served again after ${formatSeconds(result.rto.seconds)}${answered}.`
    : '';
  return `${name} restored completely: ${passes}.${took}`;
}

function failed(result: RunResult): string {
  const red = result.checks.filter((check) => check.verdict === 'fail');
  const stopped = result.failures.find((failure) => failure.verdict === 'fail');
  if (red.length === 0) return stopped ? whereItStopped(stopped) : 'The restore did not give back what was recorded.';
  if (
    red.every(judgesObjective) &&
    result.checks.every((check) => check.verdict === 'pass' || judgesObjective(check))
  ) {
    return `The data came back, but not as promised: ${formatMany(red.length, 'objective')} missed.`;
  }
  if (isUpgrade(result) && red.every(({ name }) => name !== RESTORED))
    return `Do not upgrade yet: ${tally(result.checks, 'fail')} failed, in ${componentsOf(red)}.`;
  return `Do not rely on these backups: ${tally(result.checks, 'fail')} failed, in ${componentsOf(red)}.`;
}

function whereItStopped(failure: Failure): string {
  const what = STOPPED[failure.phase] ?? `The drill stopped in the phase "${phaseTitle(failure.phase)}"`;
  return `${what}${failure.component ? ` (${failure.component})` : ''}. Do not rely on it.`;
}

function unknown(result: RunResult): string {
  const blind = result.checks.filter((check) => check.verdict === 'unknown');
  if (blind.length === 0) return 'It could not be verified whether the backups restore. This is not a pass.';
  return `Could not be verified: ${tally(result.checks, 'unknown')} could not look, in ${componentsOf(blind)}. This is not a pass.`;
}

function tally(checks: readonly CheckResult[], verdict: CheckResult['verdict']): string {
  return `${checks.filter((check) => check.verdict === verdict).length} of ${formatMany(checks.length, 'check')}`;
}

function componentsOf(checks: readonly CheckResult[]): string {
  return LIST.format(new Set(checks.map(({ component }) => componentTitle(component))));
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
