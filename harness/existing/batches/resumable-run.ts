import type { Receipt } from '../../model/path.ts';

/** A run in batches that was cut short, as its journal tells of it. */
export interface ResumableRun {
  readonly id: string;
  readonly folder: string;
  /** The drill, its configuration, and every option that it was begun with. */
  readonly asked: Readonly<Record<string, unknown>> & { readonly name: string; readonly config: string };
  /** What finds the very backup of the files in batches that it began with. */
  readonly pins: Readonly<Record<string, string>>;
  /** What it had restored the other components from, as far as it got. */
  readonly receipts: readonly Receipt[];
}
