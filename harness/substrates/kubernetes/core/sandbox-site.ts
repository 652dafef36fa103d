import type { S3Address } from '../../../machine/object-store/s3-client.ts';
import type { S3ServerName } from '../../../machine/object-store/s3-servers.ts';
import type { Kube } from './kube/kube.ts';
import type { Answers } from './programs/image-programs.ts';
import type { PortForwards } from './services/port-forward.ts';

/** The namespace of a run, and how this machine reaches what is in it. */
export interface SandboxSite {
  readonly kube: Kube;
  readonly forwards: PortForwards;
  /** A folder of this machine for clients. */
  readonly workFolder: string;
  /** What programs said of their versions before the cluster was there. */
  readonly answers?: Promise<Answers>;
  /** What clients get in their environment. */
  readonly clientEnv: Readonly<Record<string, string>>;
  /** Starts the S3 server elsewhere, where the namespace must not take it along. */
  s3?(server: S3ServerName, version: string): Promise<S3Address>;
  /** The folder of the node that outlives the namespace, where the vault has to. */
  readonly vaultOnNode?: string;
  /** Folders of this machine that the node has, and where; none of them can be written to there. */
  readonly foldersOnNode?: ReadonlyMap<string, string>;
  /** Waits until jobs find servers by their names. */
  namesResolve(): Promise<void>;
}
