import type { Kube } from './kube/kube.ts';
import type { Answers } from './programs/image-programs.ts';
import type { Doors } from './services/door.ts';

/** The namespace of a run, and how this machine reaches what is in it. */
export interface SandboxPlace {
  readonly kube: Kube;
  readonly doors: Doors;
  /** A folder of this machine for clients. */
  readonly workFolder: string;
  /** What programs said of their versions before the cluster was there. */
  readonly answers?: Promise<Answers>;
  /** What clients get in their environment. */
  readonly clientEnv: Readonly<Record<string, string>>;
  /** Waits until jobs find servers by their names. */
  namesResolve(): Promise<void>;
}
