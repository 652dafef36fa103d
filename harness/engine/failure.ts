import { type Blame, DrillError } from '../model/error.ts';
import type { Failure, Phase } from '../model/result.ts';
import { blameSurroundings } from './blame-surroundings.ts';

const VERDICTS: Readonly<Record<Blame, Failure['verdict']>> = {
  usage: 'usage',
  backup: 'fail',
  environment: 'unknown',
  harness: 'harness',
  interrupted: 'interrupted',
};

/** What is known of the surroundings of an error. */
export interface Circumstances {
  readonly phase: Phase;
  readonly component?: string;
  /** Services that ended by themselves: what fails after that proves nothing about the backup. */
  readonly crashedServices: readonly string[];
  readonly interrupted: boolean;
  /** The run, when it can be gone on with. */
  readonly resumable?: string;
}

/** Turns an error into what reports say, and decides what it does to the verdict. */
export function describeFailure(error: unknown, circumstances: Circumstances): Failure {
  const { phase, component, crashedServices, interrupted, resumable } = circumstances;
  const known = error instanceof DrillError ? error : wrapped(error);
  const base = { phase, ...(component !== undefined && { component }) };
  if (interrupted)
    return {
      ...base,
      code: 'interrupted',
      message: 'The run was interrupted; everything that it had started was disposed of.',
      next: resumable === undefined ? 'run the drill again.' : `\`drill resume ${resumable}\` goes on with it.`,
      tail: '',
      verdict: 'interrupted',
    };
  if (crashedServices.length > 0)
    return {
      ...base,
      code: 'service-lost',
      message: `A server that the drill had started exited unexpectedly, so nothing was verified: ${crashedServices.join('; ')}. It showed as: ${known.message}`,
      next: 'find out why it ended (memory, disk, somebody who stopped it), then run the drill again.',
      tail: known.tail,
      verdict: 'unknown',
    };
  return {
    ...base,
    code: known.code,
    message: known.message,
    next: known.next,
    tail: known.tail,
    verdict: VERDICTS[known.blame],
  };
}

/** The failure of a run whose evidence cannot be kept: whatever it comes to, nobody could look at it later. */
export function evidenceFailure(error: unknown, phase: Phase, folder: string): Failure {
  const isFull = /^(ENOSPC|EDQUOT)$/.test(String((error as { code?: unknown } | null)?.code));
  const message = error instanceof Error ? error.message : String(error);
  return {
    phase,
    code: isFull ? 'disk-full' : 'evidence-not-written',
    message: `[run] The evidence of the run could not be kept in ${folder}: ${message}.`,
    next: isFull
      ? 'free space there, or set DRILL_RUNS to a folder on a larger disk, then run the drill again.'
      : 'see whether the folder is still there and can be written to, or set DRILL_RUNS to another one, then run the drill again.',
    tail: '',
    verdict: 'unknown',
  };
}

function wrapped(error: unknown): DrillError {
  const message = error instanceof Error ? error.message : String(error);
  return (
    blameSurroundings(error) ??
    new DrillError({
      code: 'harness-error',
      where: 'run',
      what: `The harness itself failed: ${message}.`,
      next: 'report it with the journal of the run; the stack is in it.',
      blame: 'harness',
      cause: error,
      tail: error instanceof Error ? (error.stack ?? '') : '',
    })
  );
}
