import type { SubstrateName } from '../harness/cli/open-substrate.ts';

/** What the command line says of every benchmark. */
export interface BenchOptions {
  /** Assets of the library; each benchmark has its own number when it is left out. */
  readonly assets?: number;
  /** How often whatever is cheap is measured; the median counts. */
  readonly repeats: number;
  readonly signal: AbortSignal;
  /** A short line on what is being done now. */
  note(line: string): void;
}

/** A number against what it should be. */
export interface Goal {
  /** Such as `≥ 1,500 photos/s`. */
  readonly text: string;
  readonly met: boolean;
}

/** One measured number, beside that of the bare tool in the same run where there is one. */
export interface Measurement {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What the bare tool came to, in the same unit, and which tool that is. */
  readonly bare?: { readonly tool: string; readonly value: number };
  /** Speed against the bare tool, or a share of a whole: 1 is as fast as it, or all of it. */
  readonly ratio?: number;
  readonly goal?: Goal;
}

/** Something that can be measured. */
export interface Benchmark {
  readonly name: string;
  readonly summary: string;
  readonly on: SubstrateName;
  /** It takes minutes, and runs only when it is named. */
  readonly onlyByName: boolean;
  run(options: BenchOptions): Promise<Measurement[]>;
}
