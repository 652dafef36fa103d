import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Drill } from '../model/drill.ts';
import { DrillError } from '../model/error.ts';
import { validateDrill } from '../run/validate-drill.ts';

const ENDING = '.drill.ts';
const OWN_DRILLS = join(import.meta.dirname, '../../drills');

/** The folders that drills are found in: the product's own, and `drills/` of the folder that one works in. */
export function drillFolders(cwd = process.cwd()): string[] {
  return [...new Set([join(cwd, 'drills'), OWN_DRILLS])].filter((folder) => existsSync(folder));
}

/** The names of all drills, found by their files. */
export function drillNames(folders = drillFolders()): string[] {
  const files = folders.flatMap((folder) => readdirSync(folder));
  return [...new Set(files.filter((file) => file.endsWith(ENDING)).map((file) => basename(file, ENDING)))].sort();
}

/** Loads one drill by its name and makes sure that it is valid. */
export async function loadDrill(name: string, folders = drillFolders()): Promise<Drill> {
  const file = folders.map((folder) => join(folder, `${name}${ENDING}`)).find((path) => existsSync(path));
  if (!file)
    throw new DrillError({
      code: 'drill-unknown',
      where: 'cli',
      what: `There is no drill "${name}".`,
      next: `choose one of: ${drillNames(folders).join(', ') || 'none, since no drills/*.drill.ts was found'}.`,
      blame: 'usage',
    });
  const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
  return validateDrill(module.default, file);
}
