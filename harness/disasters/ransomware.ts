import { createCipheriv, createHash } from 'node:crypto';
import pMap from 'p-map';
import type { Absence, Disaster, DisasterContext } from '../model/disaster.ts';
import type { FileEntry } from '../model/manifest.ts';
import type { Volume } from '../model/target.ts';
import { nothingStruck } from './proof/nothing-struck.ts';
import { noteBytes, readNotedBytes } from './victims/noted-bytes.ts';

const LOCKED = '.locked';
const NOTE = 'READ-ME-TO-UNLOCK.txt';
const NOTE_TEXT = 'All your files are locked. This is a drill.\n';
const FILES_AT_ONCE = 8;
const MOST_NAMED = 100;
const KEY_BYTES = 16;

export interface RansomwareOptions {
  /** The volume; `library` unless given. */
  readonly component?: string;
}

/** Replaces every file with noise of its size under a name that ends with `.locked`; the database stays intact. */
export function ransomware({ component = 'library' }: RansomwareOptions = {}): Disaster {
  return {
    name: 'ransomware',
    summary: `Every file of ${component} is overwritten with noise and renamed; all else stays.`,
    strikes: (components) => components.filter((one) => one === component),
    strike: (context) => lockFiles(context, component),
    proveGone: (context, struck) => lookForBytes(context, component, struck),
  };
}

async function lockFiles({ world, seed }: DisasterContext, component: string): Promise<string[]> {
  const volume = world.volume(component);
  // Listed before the first write, so that the listing never meets what the strike has made.
  const victims: FileEntry[] = [];
  for await (const entry of volume.files()) if (entry.type === 'file') victims.push(entry);
  await pMap(victims, (victim) => lock(volume, victim, seed), { concurrency: FILES_AT_ONCE });
  await volume.write(NOTE, Buffer.from(NOTE_TEXT));
  return victims.map(noteBytes);
}

async function lock(volume: Volume, { path, sizeBytes, mode, uid, gid }: FileEntry, seed: number): Promise<void> {
  await volume.write(`${path}${LOCKED}`, noise(`${seed} ${path}`, sizeBytes), { mode, uid, gid });
  await volume.remove(path);
}

/** Bytes that look random and are fixed by their name. */
function noise(name: string, sizeBytes: number): Uint8Array {
  const digest = createHash('sha256').update(name).digest();
  const cipher = createCipheriv('aes-128-ctr', digest.subarray(0, KEY_BYTES), digest.subarray(KEY_BYTES));
  return cipher.update(Buffer.alloc(sizeBytes));
}

/** Looks through the whole volume for a name, or for the bytes, of anything that was struck. */
async function lookForBytes(
  { world }: DisasterContext,
  component: string,
  struck: readonly string[],
): Promise<Absence[]> {
  const noted = struck.map(readNotedBytes).filter((one) => one !== undefined);
  if (noted.length === 0) return [nothingStruck(component)];
  const paths = new Set(noted.map(({ path }) => path));
  const hashes = new Set(noted.map(({ sha256 }) => sha256));
  const left: Absence[] = [];
  let survivors = 0;
  let files = 0;
  for await (const entry of world.volume(component).files()) {
    if (entry.type !== 'file') continue;
    files += 1;
    if (!paths.has(entry.path) && (entry.sizeBytes === 0 || !hashes.has(entry.sha256))) continue;
    survivors += 1;
    if (left.length < MOST_NAMED) left.push(survivor(component, entry));
  }
  const looked = `names and bytes of ${noted.length} files of ${component}`;
  const found = `${survivors} of the ${files} files that are there now have such a name or such bytes.`;
  return [{ component, looked, gone: survivors === 0, found }, ...left];
}

function survivor(component: string, { path, sha256 }: FileEntry): Absence {
  return { component, looked: path, gone: false, found: `There is a file of that name with sha256 ${sha256}.` };
}
