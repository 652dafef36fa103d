import type { Absence } from '../../model/disaster.ts';

/** What to say when there is nothing to look for, because the strike named nothing: that is no proof of absence. */
export function nothingStruck(component: string): Absence {
  return { component, looked: `what was struck of ${component}`, gone: false, found: 'The strike named nothing.' };
}
