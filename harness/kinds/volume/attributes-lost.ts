import type { PathPromises } from '../../model/path.ts';

/** What a path by its nature does not bring back of a file beside its bytes and name, in words; empty when it keeps all. */
export function attributesLost(promises: PathPromises): string[] {
  const { mode, owner, mtime, emptyFolders } = promises.keeps;
  const lost = { mode: !mode, owner: !owner, mtime: !mtime, 'empty folders': !emptyFolders };
  return Object.entries(lost)
    .filter(([, isLost]) => isLost)
    .map(([name]) => name);
}
