import type { CheckResult, Failure, Phase, RpoReport, RtoReport, RunResult } from '../model/result.ts';
import { combineVerdicts, type Verdict } from '../model/verdict.ts';
import { describeFailure } from './failure.ts';
import type { AnyRunState } from './run-state.ts';

const EXIT = { pass: 0, fail: 1, unknown: 2, usage: 64, harness: 70, interrupted: 130 } as const;

/** A rehearsal destroys nothing: what it restores lives on where it is. */
const NO_DISASTER = 'rehearsal';
/** The same for one that goes on to a newer version. */
const UPGRADE = 'upgrade';

/** What judging and disposal add to the state of a run. */
export interface Outcome {
  readonly checks: readonly CheckResult[];
  readonly rto: RtoReport;
  readonly rpo: RpoReport;
  readonly kept: readonly string[];
}

/** The result of a run, from its state and its judges. */
export function composeResult(state: AnyRunState, { checks, rto, rpo, kept }: Outcome): RunResult {
  const verdict = verdictOf(checks, state.failures);
  const { workload, disaster, paths } = state.drill;
  return {
    schemaVersion: 1,
    run: {
      id: state.id,
      startedAt: state.startedAt.toISOString(),
      endedAt: new Date().toISOString(),
      seconds: (Date.now() - state.startedAt.getTime()) / 1000,
      phaseReached: phaseReached(state),
      folder: state.folder.path,
    },
    drill: {
      name: state.drill.name,
      claim: state.drill.claim,
      disaster: disaster?.name ?? (state.phases.upgrade ? UPGRADE : NO_DISASTER),
      substrate: state.substrate?.name ?? 'none',
      workload: { name: workload.name, version: state.foundVersion ?? workload.version, scale: { ...workload.scale } },
      paths: Object.fromEntries(
        Object.entries(paths).map(([name, path]) => [name, { name: path.name, options: path.options }]),
      ),
    },
    verdict,
    exitCode: exitCodeOf(verdict, state.failures),
    checks,
    rto,
    rpo,
    notTested: state.notTested,
    failures: state.failures,
    timings: state.timings,
    backups: state.receipts,
    facts: state.facts,
    tools: state.substrate?.tools() ?? [],
    host: state.host ?? null,
    kept,
  };
}

/** Notes an error that came while a run was wound up. */
export function failedToJudge(state: AnyRunState, phase: Phase, error: unknown): void {
  const failure = describeFailure(error, { phase, casualties: [], interrupted: false });
  state.failures.push(failure);
  state.journal.write('failure', { failure });
}

/** Fail before unknown before pass, over checks and failures; without a single check nothing was proved. */
function verdictOf(checks: readonly CheckResult[], failures: readonly Failure[]): Verdict {
  const fromFailures = failures.map(({ verdict }): Verdict => (verdict === 'fail' ? 'fail' : 'unknown'));
  if (checks.length === 0) fromFailures.push('unknown');
  return combineVerdicts([...checks.map(({ verdict }) => verdict), ...fromFailures]);
}

function exitCodeOf(verdict: Verdict, failures: readonly Failure[]): number {
  for (const kind of ['interrupted', 'usage', 'harness'] as const)
    if (failures.some((failure) => failure.verdict === kind)) return EXIT[kind];
  return EXIT[verdict];
}

/** How far the drill's own work came: judging and winding up happen after any failure. */
function phaseReached(state: AnyRunState): Phase {
  const first = state.failures.find(({ phase }) => phase !== 'dispose');
  return first?.phase ?? state.phase;
}
