import type { Failures } from './failures.ts';
import type { FoundProgram } from './found-program.ts';

/** What a machine has of one tool, and what could be done about the rest. */
export interface ToolState {
  readonly tool: string;
  readonly purpose: string;
  /** Accepted versions, such as `>=14 <19`. */
  readonly accepts: string;
  readonly found: readonly FoundProgram[];
  /** Programs that were not found. */
  readonly missing: readonly string[];
  /** How the missing ones would be installed when a drill needs them, in the order of trying. */
  readonly installable: readonly string[];
  /** What was seen and could not be used, ways to install that are closed here, and how the last installation failed. */
  readonly remarks: readonly string[];
  /** What to do about missing programs; undefined when nothing is missing. */
  readonly next?: string;
}

/** What was found where, without installing anything: for `drill doctor`. */
export interface Survey {
  /** Undefined when neither `DRILL_CACHE` nor `XDG_CACHE_HOME` nor `HOME` is set. */
  readonly cacheFolder: string | undefined;
  readonly tools: readonly ToolState[];
}

/** Remembered failures, as remarks. */
export function describeFailures(failures: Failures): string[] {
  return Object.entries(failures).map(([source, { what, at }]) => `${source}, last tried ${at}: ${what}`);
}
