import { DrillError } from './error.ts';
import type { Program } from './job.ts';
import type { Secret } from './secret.ts';
import type { Volume, World } from './target.ts';

/** Where a server is to listen. */
export interface Listening {
  readonly host: string;
  readonly port: number;
}

/** What a server runs: an image of its own, or a program that this machine, or an image of the substrate, has. */
export type Runs =
  | { readonly image: string }
  | {
      readonly program: Program;
      readonly args: readonly string[];
      /** Programs that it calls, by the variable that tells it how: the words of the call, one a line. */
      readonly calls: Readonly<Record<string, Program>>;
    };

/** A volume as a server sees it. */
export interface Mount {
  readonly volume: Volume;
  readonly readOnly?: boolean;
  /** Where it must be, for a server that cannot be told another path. */
  readonly at?: string;
}

type Environment = Readonly<Record<string, string | Secret>>;

/** The server of a workload, which answers users over HTTP: a process, or a Deployment with a Service. */
export interface WorkloadServer {
  readonly name: string;
  /** What it is, for reports: the image of the real one, or a stand-in. */
  readonly title: string;
  readonly runs: Runs;
  /** Where it listens, when there is no reason for another port. */
  readonly port: number;
  /** What it mounts. */
  volumes(world: World): readonly Mount[];
  env(world: World, listening: Listening): Environment | Promise<Environment>;
  /** The path that answers with success as soon as it serves. */
  readonly probe: string;
  /** It changes what was restored when it starts: everything is read for the judges before it may. */
  readonly writes: boolean;
  /** How long it may take until it answers, where it has more to do first than to start. */
  readonly readyBudgetMs?: number;
}

/** The code of the error for a server that exited unexpectedly before it ever answered. */
export const SERVER_CRASHED = 'server-crashed';

/** The error for a server that exited unexpectedly before it ever answered; `tail` is what it said last. */
export function serverCrashed(title: string, how: string, about: { tail: string; cause: unknown }): DrillError {
  return new DrillError({
    code: SERVER_CRASHED,
    where: 'service',
    what: `${title} exited unexpectedly before it answered: ${how}`,
    next: 'read what it said last.',
    blame: 'environment',
    ...about,
  });
}

/** A server that answers. */
export interface Endpoint {
  /** Where the harness reaches it, without a slash at the end. */
  readonly url: string;
  /** Ends the server before the place does, so that what it has left can be read at rest. */
  stop?(): Promise<void>;
}
