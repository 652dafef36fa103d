/** The most that is read of a container's log at once: a program may print one line of any length. */
export const LOG_BYTES = 2 * 1024 ** 2;
