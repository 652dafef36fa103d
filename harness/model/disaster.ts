import type { Capability } from './capability.ts';
import type { Cluster, Reach } from './cluster.ts';
import type { World } from './target.ts';

/** Proof that something is gone, read from the world itself after the strike. */
export interface Absence {
  readonly component: string;
  /** What was looked for: `volume library at …`, `table asset_exif`, `upload/…/x.jpg`. */
  readonly looked: string;
  readonly gone: boolean;
  /** What was found instead, or how its absence showed. */
  readonly found: string;
}

/** What a disaster may know: the world as it was, and a seed for whatever it chooses at random. */
export interface DisasterContext {
  readonly world: World;
  readonly seed: number;
  /** Where the substrate is a cluster. */
  readonly cluster?: Cluster;
}

/** What is destroyed, and how its absence is proved. */
export interface Disaster {
  readonly name: string;
  readonly summary: string;
  /** What a substrate must have for it. */
  readonly needs?: readonly Capability[];
  /** What it takes as a whole; everything in it is restored afterwards, so everything must be protected. */
  readonly takes?: Reach;
  /** Of the given components, those that it strikes and that are restored afterwards. */
  strikes(components: readonly string[]): string[];
  /** Destroys; what it gives back is handed to `proveGone`. */
  strike(context: DisasterContext): Promise<readonly string[]>;
  /** Looks at the world afresh; at least one absence for every component struck. */
  proveGone(context: DisasterContext, struck: readonly string[]): Promise<Absence[]>;
}
