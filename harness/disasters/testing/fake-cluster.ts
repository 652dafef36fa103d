import type { Cluster, ClusterPart } from '../../model/cluster.ts';
import type { Target, World } from '../../model/target.ts';

/** A cluster of one namespace on one node that carries a world. */
export class FakeCluster implements Cluster {
  readonly #world: World;
  readonly #gone = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  async parts(kind: ClusterPart, target: Target): Promise<readonly string[]> {
    return [kind === 'claim' || kind === 'pod' ? `${kind} of ${target.name}` : kind];
  }

  async destroy(part: string): Promise<void> {
    this.#gone.add(part);
    for (const name of this.#world.names)
      if (!part.includes(' of ') || part.endsWith(` of ${name}`)) await this.#world.target(name).destroy();
  }

  async look(part: string): Promise<{ gone: boolean; found: string }> {
    const gone = this.#gone.has(part);
    return { gone, found: gone ? 'It is gone.' : 'It is there.' };
  }

  async recreate(): Promise<string> {
    return 'a new one';
  }
}

/** A cluster in which nothing has any effect. */
export class InertCluster extends FakeCluster {
  override async destroy(): Promise<void> {}
}
