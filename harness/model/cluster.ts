import type { Target } from './target.ts';

/** What a cluster is made of that a disaster can take. */
export type ClusterPart = 'cluster' | 'node' | 'namespace' | 'claim' | 'pod';

/** What a disaster may take with everything in it, backup store and vault included unless they lie outside. */
export type Reach = 'namespace' | 'cluster';

/** The cluster that a drill runs in, as a disaster sees it. */
export interface Cluster {
  /** The parts of one kind that carry a target, each by a name that no successor of it will have. */
  parts(kind: ClusterPart, target: Target): Promise<readonly string[]>;
  /** Takes a part away as an accident would, without asking what is in it. */
  destroy(part: string): Promise<void>;
  /** Looks in the cluster, or for the cluster, whether the part is still there. */
  look(part: string): Promise<{ readonly gone: boolean; readonly found: string }>;
  /** Makes anew, and empty, what was destroyed of the place that the drill runs in, and goes on there; gives its name. */
  recreate(): Promise<string>;
}
