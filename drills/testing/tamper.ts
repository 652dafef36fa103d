import { lstat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Step } from '../../harness/model/job.ts';
import type { BackupContext, BackupPath, PathContext, Receipt, RestoreContext } from '../../harness/model/path.ts';
import type { ComponentKind, Database, Volume } from '../../harness/model/target.ts';

/** The real path, with something done to what it has just restored. */
export function afterRestore<Kind extends ComponentKind>(
  path: BackupPath<Kind>,
  then: (context: RestoreContext<Kind>) => Promise<unknown>,
): BackupPath<Kind> {
  const restore = async (context: RestoreContext<Kind>) => {
    await path.restore(context);
    await then(context);
  };
  return { ...path, restore };
}

/** The real path, with something done to what it has just stored, or to what it says of it. */
export function afterBackup<Kind extends ComponentKind>(
  path: BackupPath<Kind>,
  then: (receipt: Receipt, context: BackupContext<Kind>) => Promise<Receipt>,
): BackupPath<Kind> {
  return { ...path, backup: async (context) => await then(await path.backup(context), context) };
}

/** The same context with other steps in its jobs. */
export function withSteps<Context extends PathContext>(
  context: Context,
  alter: (step: Step, scratch: string) => readonly Step[],
): Context {
  const run: PathContext['run'] = (job) =>
    context.run({ ...job, steps: (scratch) => job.steps(scratch).flatMap((step) => alter(step, scratch)) });
  return { ...context, run };
}

/** Does something to a file of a volume on this machine, and leaves the time of its folder as it was. */
export async function silently(volume: Volume, path: string, work: () => Promise<void>): Promise<void> {
  const folder = dirname(join(volume.path, path));
  const { atime, mtime } = await lstat(folder);
  await work();
  await utimes(folder, atime, mtime);
}

/** Replaces the bytes of a file and nothing else of it. */
export async function overwrite(volume: Volume, path: string, bytes: Uint8Array): Promise<void> {
  const { mtimeMs } = await lstat(join(volume.path, path));
  await volume.write(path, bytes, { mtimeMs: Math.round(mtimeMs) });
}

/** Changes rows behind the back of triggers and keys, as a lossy restore does. */
export async function quietly(database: Database, statements: readonly string[]): Promise<void> {
  const sql = ['BEGIN', 'SET LOCAL session_replication_role = replica', ...statements, 'COMMIT'];
  await database.query(sql.join('; '));
}
