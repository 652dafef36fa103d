import type { Disaster } from '../model/disaster.ts';
import { losePart } from './proof/lost-part.ts';

/** Deletes the claims of all components, and with them their disks, pods that use them included. */
export function deleteClaims(): Disaster {
  return losePart({
    name: 'delete-claims',
    summary: 'The claims of every protected component are deleted with their disks; nothing else is cleaned up.',
    part: 'claim',
  });
}
