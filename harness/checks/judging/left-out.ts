import type { Evidence } from '../../model/check.ts';

/** Folders that the path of a component leaves out, split by whether the workload can make them again. */
export interface LeftOutFolders {
  /** Left out rightly; empty for a component that was not restored. */
  readonly regenerable: readonly string[];
  /** Left out though nothing can make them again. */
  readonly irreplaceable: readonly string[];
  /** Names of files directly in such a folder that must be there all the same. */
  readonly markers: readonly string[];
}

/** What the path of a component leaves out, against what the workload can make again. */
export function leftOutFolders(evidence: Evidence, component: string): LeftOutFolders {
  const { regenerable = [], folderMarkers = [] } = evidence.components.find(({ name }) => name === component) ?? {};
  const allowed = regenerable.map(trimmed);
  const folders = (evidence.promises[component]?.leavesOut ?? []).map(trimmed);
  const isAllowed = (folder: string): boolean => allowed.some((parent) => isWithin(folder, parent));
  return {
    regenerable: evidence.struck.includes(component) ? folders.filter(isAllowed) : [],
    irreplaceable: folders.filter((folder) => !isAllowed(folder)),
    markers: folderMarkers,
  };
}

/** Whether a path lies in one of the folders that are rightly left out and is not the marker file of that folder. */
export function isLeftOut(path: string, { regenerable, markers }: Omit<LeftOutFolders, 'irreplaceable'>): boolean {
  return regenerable.some(
    (folder) => isWithin(path, folder) && !markers.some((marker) => path === `${folder}/${marker}`),
  );
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
