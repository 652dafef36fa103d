import type { Check, Evidence, Judgement } from '../model/check.ts';
import type { FileEntry, Reference } from '../model/manifest.ts';
import { SortedCursor } from './join/sorted-cursor.ts';
import { isLeftOut, leftOutFolders } from './judging/left-out.ts';
import { observed } from './judging/observed.ts';
import { Tally } from './judging/tally.ts';
import { counted } from './judging/wording.ts';

/** Judges that the files that restored rows speak of exist, and are the files that the rows mean. */
export function rowsToFiles(databaseComponent: string): Check {
  return {
    name: 'rows-to-files',
    component: databaseComponent,
    proves: `Every file that a restored row of ${databaseComponent} speaks of exists, with the size and checksum of the row.`,
    judge: (evidence) => judgeReferences(evidence, databaseComponent),
  };
}

async function judgeReferences(evidence: Evidence, database: string): Promise<Judgement> {
  const tally = new Tally();
  const references = observed(evidence, tally, 'after', database, 'references');
  const totals = { found: 0, regenerable: 0 };
  if (references) {
    await using volumes = new Volumes(evidence, tally);
    await using sorted = new SortedCursor(references, (reference) => reference.path, 'references');
    for (let at = await sorted.peek(); at; at = await sorted.peek()) {
      await judgeReference(at.item, volumes, tally, totals);
      await sorted.advance();
    }
    if (totals.found + totals.regenerable + tally.count === 0) tally.gap(`no row of ${database} speaks of a file`);
  }
  const parts = [`${counted(totals.found, 'file')} found and right`];
  if (tally.count > 0) parts.unshift(`${counted(tally.count, 'file')} missing or wrong`);
  if (totals.regenerable > 0) parts.push(`${counted(totals.regenerable, 'regenerable file')} left out`);
  return tally.judgement('a file for every row that speaks of one', parts.join(', '));
}

async function judgeReference(
  reference: Reference,
  volumes: Volumes,
  tally: Tally,
  totals: { found: number; regenerable: number },
): Promise<void> {
  const volume = volumes.of(reference.component);
  if (!volume) return;
  const file = await volume.seek(reference.path);
  const wrong = file ? mismatch(reference, file) : 'missing';
  if (wrong === undefined) totals.found += 1;
  else if (!file && reference.regenerable && volumes.isLeftOut(reference)) totals.regenerable += 1;
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

/** The restored files of every component that a row speaks of, each read once from front to back. */
class Volumes implements AsyncDisposable {
  readonly #evidence: Evidence;
  readonly #tally: Tally;
  readonly #cursors = new Map<string, SortedCursor<FileEntry> | undefined>();
  readonly #leftOut = new Map<string, readonly string[]>();

  constructor(evidence: Evidence, tally: Tally) {
    this.#evidence = evidence;
    this.#tally = tally;
  }

  of(component: string): SortedCursor<FileEntry> | undefined {
    if (!this.#cursors.has(component)) {
      const list = observed(this.#evidence, this.#tally, 'after', component, 'files');
      this.#cursors.set(component, list && new SortedCursor(list, (file) => file.path, `files of ${component}`));
      this.#leftOut.set(component, leftOutFolders(this.#evidence, component).regenerable);
    }
    return this.#cursors.get(component);
  }

  isLeftOut(reference: Reference): boolean {
    return isLeftOut(reference.path, this.#leftOut.get(reference.component) ?? []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cursor of this.#cursors.values()) await cursor?.[Symbol.asyncDispose]();
  }
}
