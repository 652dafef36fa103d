import type { Kind } from '../model/kind.ts';
import type { ComponentKind } from '../model/target.ts';
import { kubernetes } from './kubernetes/kubernetes.ts';
import { postgres } from './postgres/postgres.ts';
import { redis } from './redis/redis.ts';
import { volume } from './volume/volume.ts';

const KINDS: { readonly [Name in ComponentKind]: Kind<Name> } = { volume, postgres, redis, kubernetes };

/** The names of all kinds. */
export const KIND_NAMES = Object.keys(KINDS) as ComponentKind[];

/** What is known of the kind of a component or of a target. */
export function kindOf({ kind }: { readonly kind: ComponentKind }): Kind {
  return KINDS[kind];
}
