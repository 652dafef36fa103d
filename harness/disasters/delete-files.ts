import type { Absence, Disaster, DisasterContext } from '../model/disaster.ts';
import { nothingStruck } from './proof/nothing-struck.ts';
import { checkVictimOptions, chooseVictims, type VictimOptions } from './victims/choose-victims.ts';

/** Deletes some files of a volume, chosen by the seed from those that would be missed; five unless told otherwise. */
export function deleteFiles(options: VictimOptions = {}): Disaster {
  const component = options.component ?? 'library';
  checkVictimOptions('delete-files', options);
  return {
    name: 'delete-files',
    summary: `Some files of ${component} are deleted; all else stays.`,
    strikes: (components) => components.filter((one) => one === component),
    strike: ({ world, seed }) => deleteVictims({ world, seed }, component, options),
    proveGone: (context, struck) => lookForFiles(context, component, struck),
  };
}

async function deleteVictims(
  { world, seed }: DisasterContext,
  component: string,
  options: VictimOptions,
): Promise<string[]> {
  const volume = world.volume(component);
  const paths = (await chooseVictims(volume, seed, options)).map(({ path }) => path);
  for (const path of paths) await volume.remove(path);
  return paths;
}

async function lookForFiles(
  { world }: DisasterContext,
  component: string,
  struck: readonly string[],
): Promise<Absence[]> {
  if (struck.length === 0) return [nothingStruck(component)];
  const volume = world.volume(component);
  const absences: Absence[] = [];
  for (const path of struck) {
    const isThere = await volume.has(path);
    const found = isThere ? 'The file is still there.' : 'There is no file of that name.';
    absences.push({ component, looked: path, gone: !isThere, found });
  }
  return absences;
}
