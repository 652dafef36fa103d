import { join } from 'node:path';
import { given } from '../../engine/made.ts';
import { timed } from '../../engine/timed.ts';
import type { DrillError } from '../../model/error.ts';
import type { ListedFile } from '../../model/manifest.ts';
import { World } from '../../model/target.ts';
import { probeSource } from '../restore/probe-servers.ts';
import type { Attempt } from '../restore/restore-one.ts';
import { openingContext } from '../restore/restore-one.ts';
import { sortedListing } from '../restore/sorted-listing.ts';
import { LISTED, noted } from './batch-records.ts';
import type { BatchedRun, ListedBackup } from './batched-run.ts';
import { digestOf } from './evidence-file.ts';
import { diskOf } from './measure-disk.ts';
import { diskSize } from './part-by-part.ts';
import { backupChanged, firstDifference } from './same-backup.ts';

/** What is noted of a list, by which the same backup is known again. */
interface ListNote {
  readonly id: string;
  readonly pins: Readonly<Record<string, string>>;
  readonly files: number;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Opens the backup of the files and records what it lists, sorted, before anything of it is restored. */
export async function openListed(batched: BatchedRun): Promise<ListedBackup> {
  const { run, made, batches, budget, earlier } = batched;
  const { component } = batches;
  const source = given(made.opened.drill.paths[component], `the source of ${component}`);
  if (!source.inParts) throw new Error(`the source ${source.name} of ${component} cannot be restored in parts`);
  await probeSource(run, made, component);
  const attempt: Attempt = { onTheWay: [], room: budget.roomBytes };
  const context = openingContext(run, made, component, { restored: new World([]), attempt });
  const backup = await timed(run, { name: `${component}, opened`, component }, async () =>
    given(await source.inParts?.(context), 'the opened backup'),
  );
  const note = await record(batched, backup.list());
  budget.note('what the tools keep', await diskOf(context, backup.keeps));
  budget.require(`what the tools keep of ${component}`);
  const facts: ListNote = { id: backup.id, pins: backup.pins, ...note };
  const before = earlier && noted<ListNote>(earlier.journal, LISTED);
  if (before && (before.id !== facts.id || before.sha256 !== facts.sha256)) throw await changed(batched, before, facts);
  run.journal.write(LISTED, { component, ...facts });
  run.log.notTested.push({
    what: `empty folders and links of ${component}`,
    why: 'batches are made of the files that the backup lists',
  });
  return { backup, files: note.files };
}

async function record(
  { run, batches: { component }, budget }: BatchedRun,
  listed: AsyncIterable<ListedFile>,
): Promise<Omit<ListNote, 'id' | 'pins'>> {
  const { folder } = run;
  const totals = { sizeBytes: 0, largest: undefined as ListedFile | undefined };
  const counting = async function* () {
    for await (const file of sortedListing(listed, folder.path)) {
      totals.sizeBytes += file.sizeBytes;
      if (file.sizeBytes > (totals.largest?.sizeBytes ?? -1)) totals.largest = file;
      yield file;
    }
  };
  const files = await folder.record('before', component, 'listed', counting());
  const { largest, sizeBytes } = totals;
  if (largest) budget.require(`the largest file (${largest.path})`, diskSize(largest.path, largest.sizeBytes));
  const { sha256 } = await digestOf(join(folder.path, folder.evidencePath('before', component, 'listed')));
  return { files, sizeBytes, sha256, ...(largest && { largest }) };
}

async function changed(
  { run: { folder }, earlier, batches: { component } }: BatchedRun,
  before: ListNote,
  now: ListNote,
): Promise<DrillError> {
  if (before.id !== now.id) return backupChanged(`it was ${before.id}, and is ${now.id}`);
  const list = folder.evidencePath('before', component, 'listed');
  const paths = [given(earlier, 'the earlier run').folder.path, folder.path].map((path) => join(path, list));
  return backupChanged(await firstDifference(paths[0] ?? '', paths[1] ?? ''));
}
