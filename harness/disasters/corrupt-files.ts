import { createHash } from 'node:crypto';
import type { Absence, Disaster, DisasterContext } from '../model/disaster.ts';
import type { FileEntry } from '../model/manifest.ts';
import type { Volume } from '../model/target.ts';
import { nothingStruck } from './proof/nothing-struck.ts';
import { checkVictimOptions, chooseVictims, type VictimOptions } from './victims/choose-victims.ts';
import { noteBytes, readNotedBytes } from './victims/noted-bytes.ts';

const EVERY_BIT = 0xff;

/** Flips one byte in the middle of some files, chosen by the seed; size, mode, owner and time stay as they were. */
export function corruptFiles(options: VictimOptions = {}): Disaster {
  const component = options.component ?? 'library';
  checkVictimOptions('corrupt-files', options);
  return {
    name: 'corrupt-files',
    summary: `Some files of ${component} are silently damaged: one byte changed, size and time kept.`,
    strikes: (components) => components.filter((one) => one === component),
    strike: ({ world, seed }) => corruptVictims({ world, seed }, component, options),
    proveGone: (context, struck) => lookAtBytes(context, component, struck),
  };
}

async function corruptVictims(
  { world, seed }: DisasterContext,
  component: string,
  options: VictimOptions,
): Promise<string[]> {
  const volume = world.volume(component);
  const victims = await chooseVictims(volume, seed, options);
  for (const victim of victims) await flipMiddleByte(volume, victim);
  return victims.map(noteBytes);
}

async function flipMiddleByte(volume: Volume, { path, mode, uid, gid, mtimeMs }: FileEntry): Promise<void> {
  const bytes = Uint8Array.from(await volume.read(path));
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ EVERY_BIT;
  await volume.write(path, bytes, { mode, uid, gid, mtimeMs });
}

async function lookAtBytes(
  { world }: DisasterContext,
  component: string,
  struck: readonly string[],
): Promise<Absence[]> {
  const volume = world.volume(component);
  const absences: Absence[] = [];
  for (const line of struck) {
    const noted = readNotedBytes(line);
    if (!noted) continue;
    const looked = `bytes of ${noted.path} with sha256 ${noted.sha256}`;
    const sha256 = (await volume.has(noted.path)) ? sha256Of(await volume.read(noted.path)) : undefined;
    const found = sha256 === undefined ? 'There is no file of that name.' : `The file has sha256 ${sha256}.`;
    absences.push({ component, looked, gone: sha256 !== noted.sha256, found });
  }
  return absences.length > 0 ? absences : [nothingStruck(component)];
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
