import { readdirSync, type Stats, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { validateDrill } from '../engine/validate-drill.ts';
import type { Drill } from '../model/drill.ts';
import { DrillError } from '../model/error.ts';

const ENDING = '.drill.ts';
const NAME = /^[\w-][\w.-]*$/;
const OWN_DRILLS = join(import.meta.dirname, '../../drills');

/** The folders that drills are found in: the product's own, and `drills/` of the folder that one works in. */
export function drillFolders(cwd = process.cwd()): string[] {
  return [...new Set([join(cwd, 'drills'), OWN_DRILLS])].filter((folder) => kindOf(folder)?.isDirectory());
}

/** The names of all drills, found by their files. */
export function drillNames(folders = drillFolders()): string[] {
  const files = folders.flatMap((folder) => readdirSync(folder));
  return [...new Set(files.filter((file) => file.endsWith(ENDING)).map((file) => basename(file, ENDING)))].sort();
}

/** The drill that is taken where none is named: the first of the product's own that protects all of its workload. */
export function showcase(): string | undefined {
  return drillNames([OWN_DRILLS]).find((name) => name.endsWith('-full'));
}

/** Loads one drill by its name and makes sure that it is valid. */
export async function loadDrill(name: string, folders = drillFolders()): Promise<Drill> {
  // A name that leads elsewhere would run what lies there.
  const files = NAME.test(name) ? folders.map((folder) => join(folder, `${name}${ENDING}`)) : [];
  // To import a pipe would wait for whoever writes to it.
  const file = files.find((path) => kindOf(path)?.isFile());
  if (!file)
    throw new DrillError({
      code: 'drill-unknown',
      where: 'cli',
      what: `There is no drill "${name}".`,
      next: `choose one of: ${drillNames(folders).join(', ') || 'none, since no drills/*.drill.ts was found'}.`,
      blame: 'usage',
    });
  return validateDrill((await imported(file)).default, file);
}

async function imported(file: string): Promise<{ default?: unknown }> {
  try {
    return (await import(pathToFileURL(file).href)) as { default?: unknown };
  } catch (cause) {
    throw new DrillError({
      code: 'drill-unloadable',
      where: `drill/${file}`,
      what: `The file of the drill cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}.`,
      next: `correct ${file}; nothing was started.`,
      blame: 'usage',
      cause,
    });
  }
}

function kindOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
