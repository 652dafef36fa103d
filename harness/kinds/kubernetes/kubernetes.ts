import type { Kind } from '../../model/kind.ts';
import type { Resources } from '../../model/resources.ts';
import type { Substrate } from '../../model/substrate.ts';
import { namesOf } from '../names-of.ts';

/** A namespace of a cluster: its resources, field by field, the values of Secrets as digests. */
export const kubernetes: Kind<'kubernetes'> = {
  name: 'kubernetes',
  noun: 'namespace',
  holds: 'resources',
  programs: [],
  isSeenAtOnce: true,
  needsCluster: true,
  make: namespaceOf,
  place: namespaceOf,
  observe: async (target, record) => await record('resources', target.list()),
  marks: (list) => namesOf(list('resources'), ({ id }) => id),
  attributesLost: () => [],
  secretsIn: async (target) => await target.secretValues(),
};

/** A new namespace; components that need one are left out before where there is none to be had. */
async function namespaceOf(substrate: Substrate, name: string): Promise<Resources> {
  if (!substrate.resources) throw new Error(`${substrate.name} has no namespaces for ${name}`);
  return await substrate.resources(name);
}
