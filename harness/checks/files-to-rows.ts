import type { Check, Evidence, Judgement } from '../model/check.ts';
import type { FileEntry, Moment, Reference } from '../model/manifest.ts';
import { joinSorted, joinUnique } from './join/join-sorted.ts';
import { ledgerZones } from './judging/ledger-zones.ts';
import { keysIn } from './judging/moving-marks.ts';
import { observed } from './judging/observed.ts';
import { Tally } from './judging/tally.ts';
import { counted } from './judging/wording.ts';

export interface FilesToRowsOptions {
  /** Files that no row ever speaks of, such as a folder of dumps. */
  readonly ignore?: (path: string) => boolean;
}

/** Judges that no restored file has lost the row that spoke of it. */
export function filesToRows(
  databaseComponent: string,
  volumeComponent: string,
  options: FilesToRowsOptions = {},
): Check {
  return {
    name: 'files-to-rows',
    component: volumeComponent,
    proves: `Every ${volumeComponent} file has a ${databaseComponent} row (files that were untracked before the drill are ignored).`,
    judge: (evidence) => judgeOrphans(evidence, databaseComponent, volumeComponent, options.ignore ?? (() => false)),
  };
}

interface Totals {
  referenced: number;
  files: number;
}

async function judgeOrphans(
  evidence: Evidence,
  database: string,
  volume: string,
  ignore: (path: string) => boolean,
): Promise<Judgement> {
  const tally = new Tally();
  const totals: Record<Moment, Totals> = { before: { referenced: 0, files: 0 }, after: { referenced: 0, files: 0 } };
  const before = orphans(evidence, tally, 'before', database, volume, totals.before);
  const after = orphans(evidence, tally, 'after', database, volume, totals.after);
  let untracked = 0;
  if (before && after) {
    const late = lateFiles(evidence, database, volume);
    for await (const { left, right } of joinUnique(before, after, (path) => path)) {
      if (right === undefined || left !== undefined || ignore(right)) continue;
      if (late.has(right)) untracked += 1;
      else tally.wrong(right, 'a row that speaks of it', 'no row does');
    }
    if (totals.before.referenced === 0)
      tally.gap(`no row of ${database} spoke of a file of ${volume} before the backup`);
    if (totals.after.files === 0) tally.gap(`${volume} holds no file after the restore`);
  }
  const parts = [`${counted(totals.after.referenced, 'file')} with a row`, `${counted(tally.count, 'orphan')}`];
  if (untracked > 0)
    parts.push(`${counted(untracked, 'file')} untracked but re-uploadable, written after the database's backup`);
  return tally.judgement('a row for every file that had one', parts.join(', '));
}

/** Files of writes whose rows the database's backup could not have: the expected cost of backing it up first. */
function lateFiles(evidence: Evidence, database: string, volume: string): Set<string> {
  const zone = ledgerZones(evidence, database);
  const late = evidence.ledger.filter((entry) => ['during', 'after'].includes(zone(entry)));
  return new Set(late.flatMap((entry) => keysIn(entry, volume)));
}

function orphans(
  evidence: Evidence,
  tally: Tally,
  moment: Moment,
  database: string,
  volume: string,
  totals: Totals,
): AsyncIterable<string> | undefined {
  const files = observed(evidence, tally, moment, volume, 'files');
  const references = observed(evidence, tally, moment, database, 'references');
  return files && references && withoutReference(files, references, volume, totals);
}

async function* withoutReference(
  files: AsyncIterable<FileEntry>,
  references: AsyncIterable<Reference>,
  volume: string,
  totals: Totals,
): AsyncGenerator<string> {
  const ofVolume = only(references, (reference) => reference.component === volume);
  const regular = only(files, (file) => file.type === 'file');
  for await (const { key, left, right } of joinSorted<FileEntry, Reference>(regular, ofVolume, (item) => item.path)) {
    if (left.length === 0) continue;
    totals.files += 1;
    if (right.length > 0) totals.referenced += 1;
    else yield key;
  }
}

async function* only<Item>(list: AsyncIterable<Item>, wanted: (item: Item) => boolean): AsyncGenerator<Item> {
  for await (const item of list) if (wanted(item)) yield item;
}
