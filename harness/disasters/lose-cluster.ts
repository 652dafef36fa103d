import type { Disaster } from '../model/disaster.ts';
import { losePart } from './proof/lost-part.ts';

/** Deletes the whole cluster; what is restored goes into a new one, from a store and with keys that lay outside of it. */
export function loseCluster(): Disaster {
  return losePart({
    name: 'lose-cluster',
    summary: 'The whole cluster is deleted with all that is in it; only the backup store and the vault are left.',
    part: 'cluster',
    takes: 'cluster',
  });
}
