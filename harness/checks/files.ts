import type { Check, Evidence, Judgement } from '../model/check.ts';
import type { FileEntry } from '../model/manifest.ts';
import type { PathPromises } from '../model/path.ts';
import { joinUnique } from './join/join-sorted.ts';
import { applicablePromises } from './judging/applicable-promises.ts';
import { describeFile } from './judging/describe-file.ts';
import { isLeftOut, leftOutFolders } from './judging/left-out.ts';
import { MovingMarks } from './judging/moving-marks.ts';
import { observedTwice } from './judging/observed.ts';
import { Tally } from './judging/tally.ts';
import { counted } from './judging/wording.ts';

/** Judges that a volume holds the files that it held, byte for byte, and no others. */
export function files(component: string): Check {
  return {
    name: 'files',
    component,
    proves: `Every file of ${component} is back with its bytes, and nothing else is there.`,
    judge: async (evidence) => new FilesJudge(evidence, component).judge(),
  };
}

class FilesJudge {
  readonly #evidence: Evidence;
  readonly #component: string;
  readonly #tally = new Tally();
  readonly #promises: PathPromises;
  readonly #marks: MovingMarks;
  readonly #isLeftOut: (path: string) => boolean;
  #same = 0;
  #regenerable = 0;

  constructor(evidence: Evidence, component: string) {
    const leftOut = leftOutFolders(evidence, component);
    this.#evidence = evidence;
    this.#component = component;
    this.#promises = applicablePromises(evidence, this.#tally, component);
    this.#isLeftOut = (path) => isLeftOut(path, leftOut);
    this.#marks = new MovingMarks(evidence, this.#tally, component, this.#isLeftOut);
    for (const folder of leftOut.irreplaceable) {
      this.#tally.wrong(`folder ${folder || '.'}`, 'backed up, as nothing can make it again', 'left out of the backup');
    }
  }

  async judge(): Promise<Judgement> {
    const lists = observedTwice(this.#evidence, this.#tally, this.#component, 'files');
    if (lists) {
      for await (const { left, right } of joinUnique(lists.before, lists.after, (entry) => entry.path)) {
        if (left && right) this.#both(left, right);
        else if (left) this.#missing(left);
        else if (right) this.#unexpected(right);
      }
      for (const path of this.#marks.due()) this.#tally.wrong(path, 'the file of a write before the backup', 'missing');
      if (this.#same === 0) this.#tally.gap(`no file of ${this.#component} could be compared`);
    }
    return this.#tally.judgement('every file with the same bytes, and no other file', this.#actual());
  }

  #both(before: FileEntry, after: FileEntry): void {
    if (this.#marks.has(after.path)) this.#marks.settle(after.path);
    else if (sameFile(before, after)) this.#same += before.type === 'directory' ? 0 : 1;
    else this.#tally.wrong(before.path, describeFile(before), describeFile(after));
  }

  #missing(entry: FileEntry): void {
    if (this.#marks.has(entry.path) && !this.#marks.isDue(entry.path)) return;
    this.#marks.settle(entry.path);
    if (this.#isLeftOut(entry.path)) this.#regenerable += entry.type === 'directory' ? 0 : 1;
    else if (this.#isCompared(entry)) this.#tally.wrong(entry.path, describeFile(entry), 'missing');
  }

  #unexpected(entry: FileEntry): void {
    if (this.#marks.has(entry.path)) this.#marks.settle(entry.path);
    else if (entry.type === 'directory' && this.#marks.isAbove(entry.path)) return;
    else if (this.#isCompared(entry)) this.#tally.wrong(entry.path, 'nothing of that name', describeFile(entry));
  }

  /** Where folders are not kept as such, the files in them tell whether they are there. */
  #isCompared(entry: FileEntry): boolean {
    return entry.type !== 'directory' || this.#promises.keeps.emptyFolders;
  }

  #actual(): string {
    const parts = [`${counted(this.#same, 'file')} the same`];
    if (this.#tally.count > 0) parts.unshift(`${counted(this.#tally.count, 'difference')}`);
    if (this.#regenerable > 0) parts.push(`${counted(this.#regenerable, 'regenerable file')} left out`);
    return parts.join(', ');
  }
}

function sameFile(a: FileEntry, b: FileEntry): boolean {
  if (a.type !== b.type) return false;
  if (a.type === 'symlink') return a.target === b.target;
  return a.type !== 'file' || (a.sizeBytes === b.sizeBytes && a.sha256 === b.sha256);
}
