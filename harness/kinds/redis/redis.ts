import type { Kind } from '../../model/kind.ts';
import { namesOf } from '../names-of.ts';

/** A Redis server: its keys, each with a digest of its value and its expiry. */
export const redis: Kind<'redis'> = {
  name: 'redis',
  noun: 'cache',
  holds: 'keys',
  programs: ['redis-server'],
  isSeenAtOnce: true,
  needsCluster: false,
  make: async (substrate, name) => await (await substrate.redis(name)).start(),
  place: async (substrate, name) => await substrate.redis(name),
  observe: async (target, record) => await record('keys', target.keys()),
  marks: (list) => namesOf(list('keys'), ({ key }) => key),
  attributesLost: () => [],
};
