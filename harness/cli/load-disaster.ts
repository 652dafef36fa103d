import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Disaster } from '../model/disaster.ts';
import { DrillError } from '../model/error.ts';
import type { Workload } from '../model/workload.ts';

const FOLDER = join(import.meta.dirname, '../disasters');
const ENDING = '.ts';

/** The names of all disasters, found by their files. */
export function disasterNames(): string[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(ENDING) && !file.endsWith('.test.ts'));
  return files.map((file) => basename(file, ENDING)).sort();
}

/** A disaster by the name of its file, with what the workload has to say of itself to it, otherwise without options. */
export async function loadDisaster(name: string, workload?: Pick<Workload, 'disasterOptions'>): Promise<Disaster> {
  if (!disasterNames().includes(name))
    throw new DrillError({
      code: 'disaster-unknown',
      where: 'cli',
      what: `There is no disaster "${name}".`,
      next: `choose one of: ${disasterNames().join(', ')}.`,
      blame: 'usage',
    });
  const module = (await import(pathToFileURL(join(FOLDER, `${name}${ENDING}`)).href)) as Record<
    string,
    (options?: object) => Disaster
  >;
  const make = module[name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())];
  if (make) return make(workload?.disasterOptions?.[name]);
  throw new Error(`the file of the disaster ${name} exports no function of that name`);
}
