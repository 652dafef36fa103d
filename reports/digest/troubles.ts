import type { Finding } from '../../harness/model/check.ts';
import type { CheckResult, Failure, RunResult } from '../../harness/model/result.ts';
import { shellWord } from '../../harness/model/shell-word.ts';
import { componentTitle } from './components.ts';
import { isUpgrade, RESTORED } from './headline.ts';
import { judgesObjective, type Outcome, redChecks } from './outcome.ts';
import { phaseTitle } from './phase-title.ts';
import { formatMany } from './quantities.ts';
import { runTypeOf } from './run-type.ts';

/** One thing that went wrong, with what to do next. */
export interface Trouble {
  readonly outcome: Outcome;
  readonly title: string;
  readonly what: string;
  readonly next: string;
  /** The first findings. */
  readonly findings: readonly Finding[];
  readonly findingCount: number;
  /** The last lines of the tool that failed. */
  readonly tail: string;
}

const LOGS_NAMED = 4;
const NEW_BACKUP = 'Make a new backup, and keep the old one until a drill has passed.';
const STAY = 'Stay with the version that is installed, and see whether its makers know of it.';

/** Everything that went wrong, the phases' errors first, then the checks that failed, then those that could not look. */
export function troublesOf(result: RunResult): Trouble[] {
  const red = redChecks(result);
  const blind = red.filter(({ verdict }) => verdict === 'unknown');
  const errors = result.failures.map(fromFailure);
  if (errors.length === 0 || blind.length < 2) return [...errors, ...red.map((check) => fromCheck(check, result))];
  const wrong = red.filter(({ verdict }) => verdict !== 'unknown').map((check) => fromCheck(check, result));
  return [...errors, ...wrong, fromBlind(blind, result)];
}

function fromFailure(failure: Failure): Trouble {
  const where = failure.component ? `${phaseTitle(failure.phase)} of ${failure.component}` : phaseTitle(failure.phase);
  return {
    outcome: failure.verdict,
    title: `${where} (${failure.code})`,
    what: failure.message.replace(` Next: ${failure.next}`, ''),
    next: failure.next,
    findings: [],
    findingCount: 0,
    tail: failure.tail,
  };
}

/** Checks that could not look because something before them broke: what broke is what counts. */
function fromBlind(checks: readonly CheckResult[], result: RunResult): Trouble {
  const names = checks.map(({ component, name }) => `${componentTitle(component)}: ${name}`);
  return {
    outcome: 'unknown',
    title: `${formatMany(checks.length, 'check')} had no data`,
    what:
      checks.length === result.checks.length
        ? 'So nothing was verified.'
        : `So these verified nothing: ${names.join(', ')}.`,
    next: `Fix the problem above, then rerun: ${commandOf(result)}`,
    findings: [],
    findingCount: 0,
    tail: '',
  };
}

function fromCheck(check: CheckResult, result: RunResult): Trouble {
  return {
    outcome: check.verdict,
    title: `${componentTitle(check.component)}: ${check.name}`,
    what: `Expected: ${check.expected} Found: ${check.actual}`,
    next: nextOf(check, result),
    findings: check.findings,
    findingCount: check.findingCount,
    tail: '',
  };
}

function nextOf(check: CheckResult, result: RunResult): string {
  const logs = logsOf(check.component, result);
  const read = [
    ...(check.evidence ? [`all ${formatMany(check.findingCount, 'finding')} in ${check.evidence}`] : []),
    ...(logs.length > 0 ? [`what the tools said in ${logs.join(', ')}`] : []),
  ].join(', and ');
  const again = `Then repeat: ${commandOf(result)}`;
  if (check.verdict === 'unknown') return `Find out why it could not look${read ? `: read ${read}` : ''}. ${again}`;
  if (judgesObjective(check)) return `See which phase took the time, speed it up or set another objective. ${again}`;
  const advice = isUpgrade(result) && check.name !== RESTORED ? STAY : NEW_BACKUP;
  return `${read ? `Read ${read}. ` : ''}${advice} ${again}`;
}

function logsOf(component: string, result: RunResult): string[] {
  const logs = result.timings.filter((timing) => timing.kind === 'job' && timing.component === component);
  return [...new Set(logs.flatMap((timing) => timing.log ?? []))].slice(0, LOGS_NAMED);
}

/** How the run is repeated. What it restored may have been made by others, as a file of the user's describes. */
function commandOf(result: RunResult): string {
  const { drill, facts } = result;
  const own = '--config <your file>';
  const image = facts['answered by'];
  if (isUpgrade(result))
    return `npm run drill -- rehearse-upgrade ${shellWord(drill.name.replace(/-upgrade$/, ''))} ${own} --to ${image === undefined ? '<image>' : shellWord(String(image))}`;
  return `npm run drill -- ${shellWord(drill.name)}${runTypeOf(result) === 'rehearsal' ? ` ${own}` : ''}`;
}
