import type { Disaster } from '../model/disaster.ts';
import { losePart } from './proof/lost-part.ts';

/** Kills the only node of the cluster without a warning, and never starts it again: what is restored goes elsewhere. */
export function killNode(): Disaster {
  return losePart({
    name: 'kill-node',
    summary: 'The node is killed while everything runs, and its disk is not to be had any more.',
    part: 'node',
    takes: 'cluster',
  });
}
