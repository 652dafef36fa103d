import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { given, substrateOf } from '../../engine/made.ts';
import { failureOf } from '../../engine/note-failure.ts';
import { writeLines } from '../../engine/run-folder.ts';
import type { JobReport } from '../../model/job.ts';
import type { FileEntry, ListedFile } from '../../model/manifest.ts';
import type { Failure } from '../../model/result.ts';
import type { Volume, World } from '../../model/target.ts';
import { type Attempt, openingContext } from '../restore/restore-one.ts';
import { BATCH, type BatchRecord, finishedBatches, JOINED, takeOver } from './batch-records.ts';
import type { BatchedRun, ListedBackup } from './batched-run.ts';
import { inMib } from './disk-budget.ts';
import { digestOf, joinFiles } from './evidence-file.ts';
import { diskOf } from './measure-disk.ts';
import { type Batch, partByPart } from './part-by-part.ts';
import { sizeOf } from './restore-beside.ts';

/** File systems take more than the blocks of files and folders; what is measured corrects it. */
const FIRST_GUESS = 1.1;
const DIGITS = 4;

/** All batches of a run, done by it or taken over from an earlier one. */
export interface BatchesDone {
  readonly records: readonly BatchRecord[];
  readonly report: JobReport | undefined;
  /** Whether every batch came back without an error of the tool. */
  readonly whole: boolean;
}

/** Restores, hashes and drops batch after batch; its evidence is on the disk before the next one begins. */
export async function runBatches(batched: BatchedRun, listed: ListedBackup, beside: World): Promise<BatchesDone> {
  const { run, batches, budget } = batched;
  const { component } = batches;
  const records = await takenOver(batched);
  const skipped = records.reduce((sum, record) => sum + record.listed, 0);
  const list = given(run.folder.list('before', component, 'listed'), 'the list');
  let overhead = FIRST_GUESS;
  let report: JobReport | undefined;
  const limits = {
    maxFiles: batches.maxFiles,
    roomBytes: async () => {
      for (const name of beside.names) budget.note(`the ${name}`, await sizeOf(batched, name, beside.target(name)));
      return budget.roomBytes / overhead;
    },
  };
  let done = skipped;
  for await (const batch of partByPart(after(list, skipped), limits, records.at(-1)?.last)) {
    run.signal.throwIfAborted();
    run.listener.step(
      `batch ${records.length + 1} of ${component}: ${batch.paths.length} files, ${((100 * done) / Math.max(1, listed.files)).toFixed(0)} % done`,
    );
    budget.require(`the file ${batch.paths[0]} of ${component}`, batch.paths.length === 1 ? batch.diskBytes : 0);
    const one = await runOne(batched, listed, batch, records.length + 1);
    overhead = Math.max(overhead, one.usedBytes / batch.diskBytes);
    report = one.report ?? report;
    records.push(one.record);
    done += batch.paths.length;
  }
  for (const { failure } of records) if (failure) noteOnce(batched, failure);
  await joinBatches(batched, records);
  return { records, report, whole: records.every(({ failure }) => !failure) };
}

async function runOne(
  batched: BatchedRun,
  { backup }: ListedBackup,
  batch: Batch,
  number: number,
): Promise<{ readonly record: BatchRecord; readonly usedBytes: number; readonly report: JobReport | undefined }> {
  const { run, made, batches, budget } = batched;
  const { component } = batches;
  const attempt: Attempt = { onTheWay: [], room: budget.roomBytes };
  const restored = given(made.restored.world, 'the restored world');
  const context = openingContext(run, made, component, { restored, attempt });
  const volume = await substrateOf(made.opened).volume(`${component}-batch`);
  const { report, failure } = await fetched(batched, () => backup.fetch(batch, volume));
  const file = pieceOf(batched, number);
  await mkdir(dirname(join(run.folder.path, file)), { recursive: true });
  await writeLines(join(run.folder.path, file), only(volume, new Set(batch.paths)));
  const usedBytes = await diskOf(context, [volume]);
  budget.note('a batch', usedBytes);
  budget.note('what the tools keep', await diskOf(context, backup.keeps));
  budget.require('a batch as large as was reckoned');
  await volume.destroy();
  budget.note('a batch', 0);
  const { sha256, lines } = await digestOf(join(run.folder.path, file));
  const record: BatchRecord = {
    ...{ number, listed: batch.paths.length, files: lines, last: batch.paths.at(-1) ?? '', file, sha256 },
    ...(failure && { failure }),
  };
  run.journal.write(BATCH, { component, ...record, usedBytes, allUsedBytes: budget.usedBytes + usedBytes });
  return { record, usedBytes, report };
}

/** What a tool could not restore is for the judges to name, file by file; what says nothing of the backup ends the run. */
async function fetched(
  { run, made, batches: { component } }: BatchedRun,
  fetch: () => Promise<JobReport>,
): Promise<{ report?: JobReport; failure?: Failure }> {
  try {
    return { report: await fetch() };
  } catch (error) {
    const failure = failureOf(run, made.opened, error, { component });
    if (failure.verdict !== 'fail') throw error;
    return { failure };
  }
}

/** The same thing in every batch is told once. */
function noteOnce({ run: { log } }: BatchedRun, failure: Failure): void {
  if (log.failures.some(({ component, code }) => component === failure.component && code === failure.code)) return;
  log.fail(failure);
}

async function takenOver(batched: BatchedRun): Promise<BatchRecord[]> {
  const { run, batches, earlier } = batched;
  if (!earlier) return [];
  const records: BatchRecord[] = [];
  for (const finished of await finishedBatches(earlier.folder.path, earlier.journal)) {
    const file = pieceOf(batched, finished.number);
    const record = await takeOver(finished, earlier.folder.path, run.folder.path, file);
    run.journal.write(BATCH, { component: batches.component, ...record, from: earlier.id });
    records.push(record);
  }
  return records;
}

/** Puts the evidence of all batches together: they follow each other in the order of their paths. */
async function joinBatches(
  { run: { folder, journal }, batches: { component } }: BatchedRun,
  records: readonly BatchRecord[],
): Promise<void> {
  const pieces = records.map(({ file }) => join(folder.path, file));
  const file = folder.evidencePath('after', component, 'files');
  await mkdir(dirname(join(folder.path, file)), { recursive: true });
  await joinFiles(pieces, join(folder.path, file));
  const { sha256, lines: files } = await digestOf(join(folder.path, file));
  const listed = records.reduce((sum, record) => sum + record.listed, 0);
  const failure = records.find((record) => record.failure)?.failure;
  const last = records.at(-1)?.last ?? '';
  journal.write(JOINED, { component, number: 1, listed, files, last, file, sha256, ...(failure && { failure }) });
  for (const piece of pieces) if (existsSync(piece)) await rm(piece);
}

function pieceOf({ run: { folder }, batches: { component } }: BatchedRun, number: number): string {
  const file = folder.evidencePath('after', component, 'files');
  return join(dirname(file), 'batches', `${String(number).padStart(DIGITS, '0')}.ndjson`);
}

/** Only what was asked for: no file is in the evidence of two batches. */
async function* only(volume: Volume, paths: ReadonlySet<string>): AsyncGenerator<FileEntry> {
  for await (const entry of volume.files()) if (paths.has(entry.path)) yield entry;
}

async function* after(listed: AsyncIterable<ListedFile>, count: number): AsyncGenerator<ListedFile> {
  let seen = 0;
  for await (const file of listed) {
    seen += 1;
    if (seen > count) yield file;
  }
}

/** How much disk all of it took, for people. */
export function diskInWords({ budget, batches }: BatchedRun): string {
  return `${inMib(budget.largestBytes)} of ${inMib(batches.maxDiskBytes)}`;
}
