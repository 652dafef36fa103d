import type { Check, Evidence, Judgement } from '../model/check.ts';
import type { FileEntry, Reference } from '../model/manifest.ts';
import { SortedCursor } from './join/sorted-cursor.ts';
import { ledgerZones } from './judging/ledger-zones.ts';
import { isLeftOut, type LeftOutFolders, leftOutFolders } from './judging/left-out.ts';
import { keysIn } from './judging/moving-marks.ts';
import { observed } from './judging/observed.ts';
import { Tally } from './judging/tally.ts';
import { counted } from './judging/wording.ts';

/** Judges that the files that restored rows speak of exist, and are the files that the rows mean. */
export function rowsToFiles(databaseComponent: string): Check {
  return {
    name: 'rows-to-files',
    component: databaseComponent,
    proves: `Every file referenced in the ${databaseComponent} exists, with the recorded size and checksum.`,
    judge: (evidence) => judgeReferences(evidence, databaseComponent),
  };
}

async function judgeReferences(evidence: Evidence, database: string): Promise<Judgement> {
  const tally = new Tally();
  const references = observed(evidence, tally, 'after', database, 'references');
  const totals = { found: 0, regenerable: 0, lost: 0, all: 0 };
  const lost = new LostWrites(evidence, database);
  if (references) {
    await using volumes = new Volumes(evidence, tally);
    await using sorted = new SortedCursor(references, (reference) => reference.path, 'references');
    for (let at = await sorted.peek(); at; at = await sorted.peek()) {
      totals.all += 1;
      await judgeReference(at.item, volumes, lost, tally, totals);
      await sorted.advance();
    }
    if (totals.all === 0) tally.gap(`no row of ${database} speaks of a file`);
    else if (totals.found === 0)
      tally.gap(`not one file that a row of ${database} speaks of was there to be looked at`);
  }
  const parts = [`${counted(totals.found, 'file')} found and right`];
  if (tally.count > 0) parts.unshift(`${counted(tally.count, 'file')} missing or wrong`);
  if (totals.regenerable > 0) parts.push(`${counted(totals.regenerable, 'regenerable file')} left out`);
  if (totals.lost > 0) parts.push(`${counted(totals.lost, 'upload')} since the last backup lost, counted in the RPO`);
  return tally.judgement('a file for every row that speaks of one', parts.join(', '));
}

async function judgeReference(
  reference: Reference,
  volumes: Volumes,
  lost: LostWrites,
  tally: Tally,
  totals: { found: number; regenerable: number; lost: number },
): Promise<void> {
  const volume = volumes.of(reference.component);
  if (!volume) return;
  const file = await volume.seek(reference.path);
  const wrong = file ? mismatch(reference, file) : 'missing';
  if (wrong === undefined) totals.found += 1;
  else if (!file && reference.regenerable && volumes.isLeftOut(reference)) totals.regenerable += 1;
  else if (!file && lost.has(reference)) totals.lost += 1;
  else tally.wrong(`${reference.owner}: ${reference.path}`, wanted(reference), wrong);
}

function mismatch(reference: Reference, file: FileEntry): string | undefined {
  if (file.type !== 'file') return `not a file but a ${file.type}`;
  const sizeDiffers = reference.sizeBytes >= 0 && reference.sizeBytes !== file.sizeBytes;
  const bytesDiffer = reference.sha1 !== '' && reference.sha1 !== file.sha1;
  return sizeDiffers || bytesDiffer ? `file of ${counted(file.sizeBytes, 'byte')}, sha1 ${file.sha1}` : undefined;
}

function wanted(reference: Reference): string {
  const size = reference.sizeBytes >= 0 ? ` of ${counted(reference.sizeBytes, 'byte')}` : '';
  return `file${size}${reference.sha1 === '' ? '' : `, sha1 ${reference.sha1}`}`;
}

/**
 * Files of uploads that came too late for the backup of their volume, while the database lived on: its rows tell of them
 * truly, and the loss is what the RPO measures. A restored database has no such excuse: its rows were backed up first.
 */
class LostWrites {
  readonly #evidence: Evidence;
  readonly #databaseLives: boolean;
  readonly #paths = new Map<string, ReadonlySet<string>>();

  constructor(evidence: Evidence, database: string) {
    this.#evidence = evidence;
    this.#databaseLives = !evidence.struck.includes(database);
  }

  has({ component, path }: Reference): boolean {
    if (!this.#databaseLives) return false;
    let paths = this.#paths.get(component);
    if (!paths) {
      const zone = ledgerZones(this.#evidence, component);
      const late = this.#evidence.ledger.filter((entry) => ['during', 'after'].includes(zone(entry)));
      paths = new Set(late.flatMap((entry) => keysIn(entry, component)));
      this.#paths.set(component, paths);
    }
    return paths.has(path);
  }
}

/** The restored files of every component that a row speaks of, each read once from front to back. */
class Volumes implements AsyncDisposable {
  readonly #evidence: Evidence;
  readonly #tally: Tally;
  readonly #cursors = new Map<string, SortedCursor<FileEntry> | undefined>();
  readonly #leftOut = new Map<string, LeftOutFolders>();

  constructor(evidence: Evidence, tally: Tally) {
    this.#evidence = evidence;
    this.#tally = tally;
  }

  of(component: string): SortedCursor<FileEntry> | undefined {
    if (!this.#cursors.has(component)) {
      const list = observed(this.#evidence, this.#tally, 'after', component, 'files');
      this.#cursors.set(component, list && new SortedCursor(list, (file) => file.path, `files of ${component}`));
      this.#leftOut.set(component, leftOutFolders(this.#evidence, component));
    }
    return this.#cursors.get(component);
  }

  isLeftOut(reference: Reference): boolean {
    const leftOut = this.#leftOut.get(reference.component);
    return leftOut !== undefined && isLeftOut(reference.path, leftOut);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cursor of this.#cursors.values()) await cursor?.[Symbol.asyncDispose]();
  }
}
