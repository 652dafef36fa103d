import type { Disaster } from '../model/disaster.ts';
import { loseOne } from './proof/lost-target.ts';

/** Destroys the library alone: its volume is deleted, and the database stays. */
export function loseLibrary(component = 'library'): Disaster {
  return loseOne('lose-library', `The volume of ${component} is deleted; all else stays.`, component);
}
