import type { Evidence } from '../../model/check.ts';

/** Files by which Immich knows a folder again, which must be there even where the rest is made anew. */
export const FOLDER_MARKERS: readonly string[] = ['.immich'];

/** Folders that the path of a component leaves out, split by whether the workload can make them again. */
export interface LeftOutFolders {
  /** Left out rightly; empty for a component that was not restored. */
  readonly regenerable: readonly string[];
  /** Left out though nothing can make them again. */
  readonly irreplaceable: readonly string[];
}

/** What the path of a component leaves out, against what the workload can make again. */
export function leftOutFolders(evidence: Evidence, component: string): LeftOutFolders {
  const allowed = (evidence.components.find(({ name }) => name === component)?.regenerable ?? []).map(trimmed);
  const folders = (evidence.promises[component]?.leavesOut ?? []).map(trimmed);
  const isAllowed = (folder: string): boolean => allowed.some((parent) => isWithin(folder, parent));
  return {
    regenerable: evidence.struck.includes(component) ? folders.filter(isAllowed) : [],
    irreplaceable: folders.filter((folder) => !isAllowed(folder)),
  };
}

/** Whether a path lies in one of the folders and is not the marker file of that folder. */
export function isLeftOut(
  path: string,
  folders: readonly string[],
  markers: readonly string[] = FOLDER_MARKERS,
): boolean {
  return folders.some((folder) => isWithin(path, folder) && !markers.some((marker) => path === `${folder}/${marker}`));
}

function isWithin(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

function trimmed(folder: string): string {
  return folder
    .replace(/^(?:\.?\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '');
}
