/** What the command ends with when something is wrong before or beside a run; runs have their own exit code. */
export const EXIT_USAGE = 64;
export const EXIT_HARNESS = 70;
export const EXIT_UNKNOWN = 2;
export const EXIT_INTERRUPTED = 130;
