import type { Absence, Disaster, DisasterContext } from '../model/disaster.ts';
import { loseTarget, proveLost } from './proof/lost-target.ts';

/**
 * Destroys every component of the world that it is given, data and server. The world must hold those components only
 * that are restored afterwards.
 */
export function loseEverything(): Disaster {
  return {
    name: 'lose-everything',
    summary: 'Every protected component is destroyed: volumes deleted, servers stopped and their data deleted.',
    strikes: (components) => [...components],
    strike: async ({ world }) => {
      const lost: string[] = [];
      for (const component of world.names) lost.push(await loseTarget(world, component));
      return lost;
    },
    proveGone,
  };
}

async function proveGone({ world }: DisasterContext): Promise<Absence[]> {
  const absences: Absence[] = [];
  for (const component of world.names) absences.push(await proveLost(world, component));
  return absences;
}
