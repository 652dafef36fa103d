import type { Program } from '../../../model/job.ts';

/** Where programs can be installed from. */
export type InstallSource = 'release' | 'go' | 'debian';

/** `forced` by the user's environment, on `PATH`, in a known `place` of this system, in our `cache`, or just installed. */
export type ProgramSource = 'forced' | 'PATH' | 'place' | 'cache' | InstallSource;

/** A program that was found, asked for its version, and accepted. */
export interface FoundProgram {
  readonly program: Program;
  readonly tool: string;
  readonly version: string;
  readonly source: ProgramSource;
  /** An absolute path. */
  readonly location: string;
  /** What it needs in its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a search came to: the program, and what was seen on the way but could not be used. */
export interface Look {
  readonly found?: FoundProgram;
  readonly remarks: readonly string[];
}
