import type { Receipt } from '../../model/path.ts';

/** A run in batches that was cut short, as its journal tells of it. */
export interface ResumableRun {
  readonly id: string;
  readonly folder: string;
  /** The drill, its configuration, and every option that it was begun with. */
  readonly asked: Readonly<Record<string, unknown>> & { readonly name: string; readonly config: string };
  /** What finds the very backup of the library that it began with. */
  readonly library: Readonly<Record<string, string>>;
  /** What the database was restored from, when it got that far. */
  readonly database: Receipt | undefined;
}
