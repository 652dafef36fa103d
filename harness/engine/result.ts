import { masked } from '../model/mask-values.ts';
import type { CheckResult, Failure, Phase, RpoReport, RtoReport, RunResult, RunType } from '../model/result.ts';
import { combineVerdicts, type Verdict } from '../model/verdict.ts';
import { describeFailure, evidenceFailure } from './failure.ts';
import type { AnyRunState } from './run-state.ts';

const EXIT = { pass: 0, fail: 1, unknown: 2, usage: 64, harness: 70, interrupted: 130 } as const;
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
  const mask = (text: string) => state.secrets.mask(text);
  const { workload, disaster, paths } = state.drill;
  return {
    schemaVersion: 1,
    run: {
      id: state.id,
      type: state.type,
      startedAt: state.startedAt.toISOString(),
      endedAt: new Date().toISOString(),
      seconds: (Date.now() - state.startedAt.getTime()) / 1000,
      phaseReached: phaseReached(state),
      folder: state.folder.path,
    },
    drill: {
      name: state.drill.name,
      claim: state.drill.claim,
      disaster: disaster?.name ?? disasterOf(state),
      substrate: state.substrate?.name ?? 'none',
      workload: { name: workload.name, version: state.foundVersion ?? workload.version, scale: { ...workload.scale } },
      paths: Object.fromEntries(
        Object.entries(paths).map(([name, path]) => [name, { name: path.name, options: masked(path.options, mask) }]),
      ),
    },
    verdict,
    exitCode: exitCodeOf(verdict, state.failures),
    checks,
    rto,
    rpo,
    notTested: masked(state.notTested, mask),
    failures: masked(state.failures, mask),
    timings: state.timings,
    backups: masked(state.receipts, mask),
    facts: masked(state.facts, mask),
    tools: state.substrate?.tools() ?? [],
    host: state.host ?? null,
    kept: masked(kept, mask),
  };
}

/** Readers of old look here for the sort of run; it was an upgrade only when it came to that. */
function disasterOf({ phases }: AnyRunState): RunType {
  return phases.upgrade ? 'upgrade' : 'rehearsal';
}

/** Notes, once, that something of the evidence of a run cannot be kept: it cannot be a pass any more. */
export function noteEvidenceLost(state: AnyRunState, error: unknown): void {
  const failure = evidenceFailure(error, state.phase, state.folder.path);
  if (state.failures.some(({ code, message }) => code === failure.code && message.startsWith('[run] The evidence')))
    return;
  state.failures.push(failure);
  state.journal.write('failure', { failure });
}

/** The same run whose result could not be kept: what nobody can look at later is no proof. */
export function withoutEvidence(result: RunResult, error: unknown): RunResult {
  const failures = [...result.failures, evidenceFailure(error, 'collect', result.run.folder)];
  const verdict = result.verdict === 'fail' ? 'fail' : 'unknown';
  return { ...result, failures, verdict, exitCode: result.exitCode === EXIT.pass ? EXIT.unknown : result.exitCode };
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
