import { masked } from '../model/mask-values.ts';
import type { CheckResult, Failure, Phase, RpoReport, RtoReport, RunResult, RunType } from '../model/result.ts';
import { combineVerdicts, type Verdict } from '../model/verdict.ts';
import { receiptsOf } from './build-evidence.ts';
import { describeFailure, evidenceFailure } from './failure.ts';
import type { Made } from './made.ts';
import type { Run } from './run.ts';

const EXIT = { pass: 0, fail: 1, unknown: 2, usage: 64, harness: 70, interrupted: 130 } as const;
/** What judging and disposal add to what a run has made. */
export interface Outcome {
  readonly checks: readonly CheckResult[];
  readonly rto: RtoReport;
  readonly rpo: RpoReport;
  readonly kept: readonly string[];
}

/** The result of a run, from its state and its judges. */
export function composeResult(run: Run, made: Made, { checks, rto, rpo, kept }: Outcome): RunResult {
  const { log, startedAt } = run;
  const { substrate, host, drill } = made.opened;
  const verdict = verdictOf(checks, log.failures);
  const mask = (text: string) => run.secrets.mask(text);
  const { workload, disaster, paths } = drill;
  return {
    schemaVersion: 1,
    run: {
      id: run.id,
      type: run.type,
      startedAt: startedAt.toISOString(),
      endedAt: new Date().toISOString(),
      seconds: (Date.now() - startedAt.getTime()) / 1000,
      phaseReached: phaseReached(log),
      folder: run.folder.path,
    },
    drill: {
      name: drill.name,
      claim: drill.claim,
      disaster: disaster?.name ?? disasterOf(log),
      substrate: substrate?.name ?? 'none',
      workload: {
        name: workload.name,
        version: made.observed.version ?? workload.version,
        scale: { ...workload.scale },
      },
      paths: Object.fromEntries(
        Object.entries(paths).map(([name, path]) => [name, { name: path.name, options: masked(path.options, mask) }]),
      ),
    },
    verdict,
    exitCode: exitCodeOf(verdict, log.failures),
    checks,
    rto,
    rpo,
    notTested: masked(log.notTested, mask),
    failures: masked(log.failures, mask),
    timings: log.timings,
    backups: masked(receiptsOf(made), mask),
    facts: masked(log.facts, mask),
    numbers: masked(log.numbers, mask),
    tools: substrate?.tools() ?? [],
    host: host ?? null,
    kept: masked(kept, mask),
  };
}

/** Readers of old look here for the sort of run; it was an upgrade only when it came to that. */
function disasterOf({ phases }: Run['log']): RunType {
  return phases.upgrade ? 'upgrade' : 'rehearsal';
}

/** Notes, once, that something of the evidence of a run cannot be kept: it cannot be a pass any more. */
export function noteEvidenceLost({ log, folder }: Run, error: unknown): void {
  const failure = evidenceFailure(error, log.phase, folder.path);
  if (log.failures.some(({ code, message }) => code === failure.code && message.startsWith('[run] The evidence')))
    return;
  log.fail(failure);
}

/** The same run whose result could not be kept: what nobody can look at later is no proof. */
export function withoutEvidence(result: RunResult, error: unknown): RunResult {
  const failures = [...result.failures, evidenceFailure(error, 'collect', result.run.folder)];
  const verdict = result.verdict === 'fail' ? 'fail' : 'unknown';
  return { ...result, failures, verdict, exitCode: result.exitCode === EXIT.pass ? EXIT.unknown : result.exitCode };
}

/** Notes an error that came while a run was wound up. */
export function failedToJudge({ log }: Run, phase: Phase, error: unknown): void {
  log.fail(describeFailure(error, { phase, crashedServices: [], interrupted: false }));
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
function phaseReached(log: Run['log']): Phase {
  const first = log.failures.find(({ phase }) => phase !== 'dispose');
  return first?.phase ?? log.phase;
}
