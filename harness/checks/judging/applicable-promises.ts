import type { Evidence } from '../../model/check.ts';
import type { PathPromises } from '../../model/path.ts';
import type { Tally } from './tally.ts';

/** What nobody touched must be as it was, whatever its path would have left out. */
const UNTOUCHED: PathPromises = {
  keeps: { mode: true, owner: true, mtime: true, emptyFolders: true },
  leavesOut: [],
  quiesce: false,
};

/** What a component is held to: its path's promises when it was struck and restored, otherwise everything. */
export function applicablePromises(evidence: Evidence, tally: Tally, component: string): PathPromises {
  if (!evidence.struck.includes(component)) return UNTOUCHED;
  const promises = evidence.promises[component];
  if (!promises) tally.gap(`${component} was struck, but no backup path says what it keeps`);
  return promises ?? UNTOUCHED;
}
