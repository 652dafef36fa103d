/** What Postgres says when this machine, or the choice of the server, is in its way. */
const MACHINE =
  /no space left on device|disk quota exceeded|could not (write|extend|flush|fsync|fork|create|allocate|map|resize|attach|access file|load library|open shared memory|create shared memory|change directory)|cannot allocate memory|out of memory|too many open files|permission denied|operation not permitted|read-only file system|input\/output error|file too large|bus error|incompatible with (this )?server|incompatible with operating system|not recognized by setlocale|unrecognized configuration parameter|lock file|is another postmaster|has wrong ownership|shared memory|could not load/i;
/** A server that gives up on its data says so, and ends itself with an abort or with code 1. */
const GIVES_UP = /\b(PANIC|FATAL):/;
const OWN_ABORT = 'SIGABRT';
const SIGNALS_FROM = 128;
const ABORT = 6;
/** A program that was not found, could not be started, or whose container could not. */
const NOT_STARTED = [125, 126, 127];

/** How a recovery has ended. */
export interface RecoveryEnd {
  /** What the server has said. */
  readonly said: string;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
}

/**
 * Whom a recovery that did not work tells about: the copy only when Postgres itself has given up on it, and not a full
 * disk, a kill, a deadline, or a server that is not made for this machine.
 */
export function recoveryBlame({ said, exitCode, signal }: RecoveryEnd): 'backup' | 'environment' {
  if (signal !== undefined && signal !== OWN_ABORT) return 'environment';
  if (exitCode !== undefined && NOT_STARTED.includes(exitCode)) return 'environment';
  if (exitCode !== undefined && exitCode > SIGNALS_FROM && exitCode !== SIGNALS_FROM + ABORT) return 'environment';
  return GIVES_UP.test(said) && !MACHINE.test(said) ? 'backup' : 'environment';
}
