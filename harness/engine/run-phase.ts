import type { Phase } from '../model/result.ts';
import type { Part } from './made.ts';
import { noteFailure } from './note-failure.ts';
import { noteEvidenceLost } from './result.ts';
import type { Run } from './run.ts';

/** Runs one phase, timed and journalled; an error becomes a failure of the run and gives false. */
export async function runPhase(
  run: Run,
  { opened, restored }: Part<'opened' | 'restored'>,
  phase: Phase,
  work: () => Promise<string>,
): Promise<boolean> {
  const { log, journal, listener } = run;
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  log.phase = phase;
  log.phases[phase] = { startedAt, endedAt: '' };
  journal.write('phase-started', { phase });
  listener.phaseStarted(phase);
  let ok = true;
  let summary = '';
  try {
    // Undoing and writing down what there is must go on after a Ctrl-C.
    if (phase !== 'collect' && phase !== 'dispose') run.signal.throwIfAborted();
    summary = await work();
  } catch (error) {
    ok = false;
    summary = noteFailure(run, opened, error, { isResumable: restored.isResumable }).message;
  }
  const { trouble } = journal;
  if (trouble) {
    ok = false;
    noteEvidenceLost(run, trouble);
    summary = log.failures.at(-1)?.message ?? summary;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  log.phases[phase] = { startedAt, endedAt: new Date().toISOString() };
  log.timings.push({ phase, name: phase, kind: 'phase', startedAt, seconds, ok });
  journal.write('phase-ended', { phase, seconds, ok, summary });
  listener.phaseEnded(phase, seconds, ok, summary);
  return ok;
}
