import type { Disaster } from '../model/disaster.ts';
import { loseOne } from './proof/lost-target.ts';

/** Destroys the database alone: its server is stopped and its data deleted, and the files stay. */
export function loseDatabase(component = 'database'): Disaster {
  return loseOne(
    'lose-database',
    `The server of ${component} is stopped and its data deleted; all else stays.`,
    component,
  );
}
