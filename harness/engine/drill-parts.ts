import type { AnyDrill } from '../model/drill.ts';
import type { PathPromises } from '../model/path.ts';

/** The components that the drill protects, in the order of its workload. */
export function protectedComponents(drill: AnyDrill): string[] {
  return drill.workload.components.map(({ name }) => name).filter((name) => drill.paths[name]);
}

/** The promises of the paths, by component. */
export function promisesOf(drill: AnyDrill): Record<string, PathPromises> {
  return Object.fromEntries(Object.entries(drill.paths).map(([component, path]) => [component, path.promises]));
}
