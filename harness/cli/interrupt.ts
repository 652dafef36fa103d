import { EXIT_INTERRUPTED } from './exit-codes.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** More than all that a run is given to dispose of what it has started. */
const LEAVE_BUDGET_MS = 360_000;

/**
 * Turns the first Ctrl-C into an abort, so that everything is disposed of. The second one ends the process at once, and so
 * does time: the guardian then disposes of what is left.
 */
export function onInterrupt(leaveBudgetMs = LEAVE_BUDGET_MS): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  let late: NodeJS.Timeout | undefined;
  const leave = () => process.exit(EXIT_INTERRUPTED);
  const onSignal = () => {
    if (controller.signal.aborted) leave();
    late = setTimeout(leave, leaveBudgetMs);
    late.unref();
    // First: whatever becomes of the message, on a terminal that is gone.
    controller.abort(new Error('interrupted'));
    say('\nStopping: cleaning up. Press Ctrl-C again to quit now; what is left is then removed in the background.\n');
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(late);
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}

function say(text: string): void {
  try {
    process.stderr.write(text);
  } catch {}
}
