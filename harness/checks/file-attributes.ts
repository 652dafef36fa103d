import { attributesLost } from '../kinds/volume/attributes-lost.ts';
import type { Check, Evidence, Judgement } from '../model/check.ts';
import type { FileEntry } from '../model/manifest.ts';
import type { PathPromises } from '../model/path.ts';
import { joinUnique } from './join/join-sorted.ts';
import { applicablePromises } from './judging/applicable-promises.ts';
import { isLeftOut, leftOutFolders } from './judging/left-out.ts';
import { MovingMarks } from './judging/moving-marks.ts';
import { observedTwice } from './judging/observed.ts';
import { Tally } from './judging/tally.ts';
import { counted } from './judging/wording.ts';

/** Times are recorded as whole milliseconds, which rounding can move by one. */
const MTIME_TOLERANCE_MS = 1;

interface Difference {
  readonly expected: string;
  readonly actual: string;
}

/** Judges that files have the mode, owner and time that they had, as far as the path promises to keep them. */
export function fileAttributes(component: string): Check {
  return {
    name: 'file-attributes',
    component,
    proves: `Files of ${component} have the mode, owner and time that they had, as far as the backup path keeps them.`,
    judge: (evidence) => judgeAttributes(evidence, component),
  };
}

async function judgeAttributes(evidence: Evidence, component: string): Promise<Judgement> {
  const tally = new Tally();
  const promises = applicablePromises(evidence, tally, component);
  const { mode, owner, mtime } = promises.keeps;
  const kept = Object.entries({ mode, owner, mtime }).filter(([, isKept]) => isKept);
  const lost = attributesLost(promises).filter((name) => name !== 'empty folders');
  const same = kept.length > 0 ? [`${kept.map(([name]) => name).join(', ')} as before`] : [];
  const expected = [...same, ...(mode ? [] : ['readable by their owner where they were'])].join('; ');
  const limits = `not kept by this path: ${lost.join(', ')}`;
  const compared = await compareAttributes(evidence, tally, component, promises);
  const actual = `${counted(compared, 'entry', 'entries')} compared, ${counted(tally.count, 'difference')}`;
  return tally.judgement(expected, lost.length > 0 ? `${actual}; ${limits}` : actual);
}

async function compareAttributes(
  evidence: Evidence,
  tally: Tally,
  component: string,
  promises: PathPromises,
): Promise<number> {
  const lists = observedTwice(evidence, tally, component, 'files');
  if (!lists) return 0;
  const marks = new MovingMarks(evidence, tally, component);
  const leftOut = leftOutFolders(evidence, component);
  let compared = 0;
  for await (const { left, right } of joinUnique(lists.before, lists.after, (entry) => entry.path)) {
    if (!left || !right || left.type !== right.type || marks.has(left.path)) continue;
    if (left.type === 'directory' && (!promises.keeps.emptyFolders || isLeftOut(left.path, leftOut))) continue;
    compared += 1;
    const found = differences(left, right, promises.keeps, marks.isAbove(left.path));
    if (found.length === 0) continue;
    tally.wrong(left.path, found.map((one) => one.expected).join(', '), found.map((one) => one.actual).join(', '));
  }
  if (compared === 0) tally.gap(`no file of ${component} could be compared`);
  return compared;
}

/** A folder's time moves with every write into it; links have no mode, and tools differ on whether they have a time. */
function differences(
  before: FileEntry,
  after: FileEntry,
  keeps: PathPromises['keeps'],
  writtenInto: boolean,
): Difference[] {
  const isLink = before.type === 'symlink';
  const pairs: Difference[] = [];
  if (keeps.mode && !isLink) pairs.push({ expected: modeOf(before), actual: modeOf(after) });
  // No tool takes that away when it makes a file anew, and no server can work with it.
  if (!keeps.mode && !isLink && isOpen(before) && !isOpen(after))
    pairs.push({ expected: 'readable by its owner', actual: modeOf(after) });
  if (keeps.owner) pairs.push({ expected: ownerOf(before), actual: ownerOf(after) });
  if (keeps.mtime && !isLink && !writtenInto && Math.abs(before.mtimeMs - after.mtimeMs) > MTIME_TOLERANCE_MS) {
    pairs.push({ expected: timeOf(before), actual: timeOf(after) });
  }
  return pairs.filter((pair) => pair.expected !== pair.actual);
}

/** Whether its owner may read it; a folder must be walked through, too. */
function isOpen({ type, mode }: FileEntry): boolean {
  const needed = type === 'directory' ? 0o500 : 0o400;
  return (mode & needed) === needed;
}

function modeOf(entry: FileEntry): string {
  return `mode ${entry.mode.toString(8).padStart(4, '0')}`;
}

function ownerOf(entry: FileEntry): string {
  return `owner ${entry.uid}:${entry.gid}`;
}

function timeOf(entry: FileEntry): string {
  return `changed at ${new Date(entry.mtimeMs).toISOString()}`;
}
