import type { RunListener } from './run.ts';

/** The same listener, which can throw as it likes: whoever shows a run does not decide how it goes. */
export function unbreakable(listener: RunListener): RunListener {
  const told = (tell: () => void) => {
    try {
      tell();
    } catch {
      // The journal has it all.
    }
  };
  return {
    phaseStarted: (phase) => told(() => listener.phaseStarted(phase)),
    phaseEnded: (phase, seconds, ok, summary) => told(() => listener.phaseEnded(phase, seconds, ok, summary)),
    step: (text) => told(() => listener.step(text)),
  };
}
