/** Who is to blame for an error, which decides the exit code of the command. */
export type Blame = 'usage' | 'backup' | 'environment' | 'harness' | 'interrupted';

/** Everything that an error must say: what was being done, what happened, and what to do next. */
export interface DrillErrorDetails {
  /** Stable and kebab-case, for programs: `job-failed`, `tool-missing`. */
  readonly code: string;
  /** Where it happened: `path/restic`, `service/postgres`. */
  readonly where: string;
  /** One sentence: what was being done, what was expected, what happened. */
  readonly what: string;
  /** One sentence: what to do next. */
  readonly next: string;
  readonly blame: Blame;
  readonly cause?: unknown;
  /** The last lines that the outside program wrote, secrets masked. */
  readonly tail?: string;
}

/** The only error that the product throws on purpose. */
export class DrillError extends Error {
  readonly code: string;
  readonly where: string;
  readonly what: string;
  readonly next: string;
  readonly blame: Blame;
  readonly tail: string;

  constructor(details: DrillErrorDetails) {
    super(`[${details.where}] ${details.what} Next: ${details.next}`, { cause: details.cause });
    this.name = 'DrillError';
    this.code = details.code;
    this.where = details.where;
    this.what = details.what;
    this.next = details.next;
    this.blame = details.blame;
    this.tail = details.tail ?? '';
  }
}
