import type { Failure, Phase } from '../model/result.ts';
import { describeFailure } from './failure.ts';
import type { Opened } from './made.ts';
import type { Run } from './run.ts';

/** Where an error came up, as far as it is known. */
interface FailureSite {
  /** The one that goes on, unless given. */
  readonly phase?: Phase;
  readonly component?: string;
  /** The run can be gone on with. */
  readonly isResumable?: boolean;
}

/** What an error on the way is to the run, which may go on after it. */
export function failureOf(run: Run, { substrate }: Readonly<Opened>, error: unknown, place: FailureSite = {}): Failure {
  const { phase = run.log.phase, component, isResumable = false } = place;
  const failure = describeFailure(error, {
    phase,
    ...(component !== undefined && { component }),
    crashedServices: substrate?.crashedServices() ?? [],
    interrupted: run.signal.aborted,
    ...(isResumable && { resumable: run.id }),
  });
  // Servers and tools say what they like.
  return { ...failure, tail: run.secrets.mask(failure.tail) };
}

/** Keeps an error on the way as a failure of the run. */
export function noteFailure(run: Run, opened: Readonly<Opened>, error: unknown, place: FailureSite = {}): Failure {
  const failure = failureOf(run, opened, error, place);
  run.log.fail(failure);
  return failure;
}
