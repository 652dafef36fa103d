import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DrillError } from '../../model/error.ts';
import type { ExistingWorkload } from './plug-in.ts';

const FILE = 'existing.ts';
const OWN_WORKLOADS = join(import.meta.dirname, '../../workloads');

/** The workloads whose backups can be drilled, by name: those of `workloads/` where one works, and the product's own. */
export async function findPlugIns(cwd = process.cwd()): Promise<ReadonlyMap<string, ExistingWorkload>> {
  const found = [join(cwd, 'workloads'), OWN_WORKLOADS].flatMap((folder) =>
    (existsSync(folder) ? readdirSync(folder) : []).map((name) => ({ name, file: join(folder, name, FILE) })),
  );
  const plugIns = new Map<string, ExistingWorkload>();
  for (const { name, file } of found.sort((a, b) => (a.name < b.name ? -1 : 1)))
    if (!plugIns.has(name) && existsSync(file)) plugIns.set(name, await imported(file));
  return plugIns;
}

async function imported(file: string): Promise<ExistingWorkload> {
  let what = 'it exports no `existing`';
  let cause: unknown;
  try {
    const { existing } = (await import(pathToFileURL(file).href)) as { existing?: ExistingWorkload };
    if (existing) return existing;
  } catch (error) {
    cause = error;
    what = error instanceof Error ? error.message : String(error);
  }
  throw new DrillError({
    code: 'workload-unloadable',
    where: `workload/${file}`,
    what: `The file that says how backups of a workload are drilled cannot be used: ${what}.`,
    next: `correct ${file}; nothing was started.`,
    blame: 'usage',
    ...(cause !== undefined && { cause }),
  });
}
