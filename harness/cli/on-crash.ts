import { DrillError } from '../model/error.ts';

/**
 * An error that nobody has caught, anywhere in this process, breaks the run off instead of the process: everything that
 * was started is disposed of, and the run says what happened.
 */
export function onCrash(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const onError = (error: unknown) => {
    controller.abort(
      new DrillError({
        code: 'harness-error',
        where: 'run',
        what: `The harness itself failed: ${error instanceof Error ? error.message : String(error)}.`,
        next: 'report it with the journal of the run.',
        blame: 'harness',
        cause: error,
        tail: error instanceof Error ? (error.stack ?? '') : '',
      }),
    );
  };
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  return {
    signal: controller.signal,
    release: () => {
      process.off('uncaughtException', onError);
      process.off('unhandledRejection', onError);
    },
  };
}
