import { DrillError } from '../../model/error.ts';
import type { OpenPlace, Place, Wanted } from './place.ts';

/** The folder that holds most of the folders by which a library is known; of several, the one nearest to the top. */
export function findRoot(folders: readonly string[], marks: readonly string[]): string | undefined {
  const parents = marksIn(folders, marks);
  const depth = (path: string) => path.split('/').filter(Boolean).length;
  return [...parents].sort(([a, inA], [b, inB]) => inB.size - inA.size || depth(a) - depth(b))[0]?.[0];
}

/** Which of the folders by which a library is known lie in which folder. */
export function marksIn(folders: readonly string[], marks: readonly string[]): Map<string, Set<string>> {
  const parents = new Map<string, Set<string>>();
  for (const folder of folders) {
    const cut = folder.lastIndexOf('/');
    const name = folder.slice(cut + 1);
    if (!marks.includes(name)) continue;
    const parent = cut < 0 ? '' : folder.slice(0, cut) || '/';
    parents.set(parent, (parents.get(parent) ?? new Set()).add(name));
  }
  return parents;
}

/** A place without any of the folders: an empty backup, or one of something else. */
export function noRoot(where: string, id: string, marks: readonly string[]): DrillError {
  return new DrillError({
    code: 'root-missing',
    where: `source/${where}`,
    what: `The backup ${id} holds no folder called ${marks.slice(0, -1).join(', ')} or ${marks.at(-1)}: no library is in it.`,
    next: 'look into the backup; if the library lies below a folder, name that one as `root`.',
    blame: 'backup',
  });
}

/** Where the library lies in an open place, told by its own folders. */
export async function rootOf(place: Place, open: OpenPlace, marks: readonly string[]): Promise<string> {
  const root = findRoot(await open.foldersNamed(marks), marks);
  if (root === undefined) throw noRoot(place.name, open.id, marks);
  return root;
}

/** By what a backup of the library is known among those of other things. */
export function wantedOf({ marks, root }: { readonly marks: readonly string[]; readonly root?: string }): Wanted {
  return { folders: marks, ...(root !== undefined && { root }) };
}
