import { given, substrateOf } from '../../engine/made.ts';
import type { FileEntry } from '../../model/manifest.ts';
import type { Volume, World } from '../../model/target.ts';
import type { LookedAt } from '../../model/workload.ts';
import { type Attempt, openingContext } from '../restore/restore-one.ts';
import type { BatchedRun, ListedBackup } from './batched-run.ts';
import { diskOf } from './measure-disk.ts';
import { diskSize } from './part-by-part.ts';

/** The few files of a library that its workload wants to look at, in a volume by themselves. */
export interface KeptFiles {
  readonly volume: Volume;
  readonly paths: ReadonlySet<string>;
}

/** Restores once more what the workload looks at beside digests, as far as it came back in its batch and there is room. */
export async function keepSome(batched: BatchedRun, { backup }: ListedBackup, beside: World): Promise<KeptFiles> {
  const { run, made, batches, budget } = batched;
  const { component } = batches;
  const list = () => given(run.folder.list('after', component, 'files'), 'the files');
  const wishes = await made.opened.drill.workload.looksAt(beside, list());
  const paths = await thatFit(batched, wishes, list());
  const volume = await substrateOf(made.opened).volume(`${component}-kept`);
  const attempt: Attempt = { onTheWay: [], room: budget.roomBytes };
  if (paths.length > 0) await backup.fetch({ paths }, volume);
  const context = openingContext(run, made, component, { restored: beside, attempt });
  budget.note('files that are looked at', await diskOf(context, [volume]));
  budget.require('the files that are looked at');
  return { volume, paths: new Set(paths) };
}

async function thatFit(
  { budget }: BatchedRun,
  { needed, neededWords, wanted }: LookedAt,
  files: AsyncIterable<FileEntry>,
): Promise<string[]> {
  const wishes = new Set([...needed, ...wanted]);
  const sizes = new Map<string, number>();
  for await (const { path, type, sizeBytes } of files)
    if (type === 'file' && wishes.has(path)) sizes.set(path, diskSize(path, sizeBytes));
  const sizeOf = (path: string) => sizes.get(path) ?? 0;
  const chosen = new Set(needed.filter((path) => sizes.has(path)));
  let takes = [...chosen].reduce((sum, path) => sum + sizeOf(path), 0);
  budget.require(`${neededWords}, which are looked at`, takes);
  for (const path of wanted) {
    if (!sizes.has(path) || chosen.has(path) || takes + sizeOf(path) > budget.roomBytes / SLACK) continue;
    chosen.add(path);
    takes += sizeOf(path);
  }
  return [...chosen].sort();
}

/** Not to the last byte. */
const SLACK = 1.2;
