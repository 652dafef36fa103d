import type { Disaster } from '../model/disaster.ts';
import { losePart } from './proof/lost-part.ts';

/** Deletes the namespace, and with it every pod, claim, secret and snapshot in it; the cluster lives on. */
export function deleteNamespace(): Disaster {
  return losePart({
    name: 'delete-namespace',
    summary: 'The namespace is deleted with all that is in it, snapshots of its volumes included.',
    part: 'namespace',
    takes: 'namespace',
  });
}
