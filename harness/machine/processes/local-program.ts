import type { ToolReport } from '../../model/substrate.ts';
import type { Account } from './account.ts';

/** From where, and with what, a program is called. */
export interface CallSite {
  readonly cwd: string;
  /** The names of the environment variables that the program must see. */
  readonly variables: readonly string[];
  /** Folders that it uses outside the work folder. */
  readonly folders?: readonly { readonly path: string; readonly readOnly: boolean; readonly at?: string }[];
  /** The account to run it under; otherwise that of the harness. A sandbox has an account of its own. */
  readonly account?: Account;
  /** It reaches servers outside of the run; a sandbox has no network otherwise. */
  readonly reachesOut?: boolean;
}

/** One call of a program as a child process: directly, or by way of Docker's client. */
export interface ProgramCall {
  readonly command: string;
  /** Arguments that come before the program's own. */
  readonly prefix: readonly string[];
  /** What the child needs in its environment beside the variables of the call. */
  readonly env: Readonly<Record<string, string>>;
  /** The account to start the child under. */
  readonly account?: Account;
  /** Exit codes that say that the program never ran, and nothing of what it does. */
  readonly notRun?: readonly number[];
  /** Ends what outlives a child that was killed. */
  cleanUp?(): Promise<void>;
}

/** An outside program that this machine can run. */
export interface LocalProgram extends ToolReport {
  call(site: CallSite): ProgramCall;
}
