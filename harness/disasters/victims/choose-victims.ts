import { createHash } from 'node:crypto';
import { DrillError } from '../../model/error.ts';
import type { FileEntry } from '../../model/manifest.ts';
import type { Volume } from '../../model/target.ts';

/** How many files to strike, and where not to. */
export interface VictimOptions {
  /** The volume; `library` unless given. */
  readonly component?: string;
  /** How many files; not together with `fraction`. */
  readonly count?: number;
  /** Which part of the files, above 0 and up to 1; not together with `count`. */
  readonly fraction?: number;
  /** Folders whose files would not be missed, because they are made again. */
  readonly spare?: readonly string[];
}

interface Ranked {
  readonly rank: number;
  readonly file: FileEntry;
}

const USUAL_COUNT = 5;
const DIGEST_RANGE = 2 ** 48;
const DIGEST_BYTES = 6;
const MADE_AGAIN: readonly string[] = ['thumbs', 'encoded-video', 'backups'];

/** Refuses counts and fractions that choose nothing, or not clearly. */
export function checkVictimOptions(disaster: string, { count, fraction }: VictimOptions): void {
  const countIsWrong = count !== undefined && !(Number.isInteger(count) && count > 0);
  const fractionIsWrong = fraction !== undefined && !(fraction > 0 && fraction <= 1);
  if (!countIsWrong && !fractionIsWrong && (count === undefined || fraction === undefined)) return;
  throw new DrillError({
    code: 'disaster-options',
    where: `disaster/${disaster}`,
    what: `It takes either a count of at least 1 or a fraction above 0 and up to 1, but got count ${count} and fraction ${fraction}.`,
    next: 'Give one of the two, such as { count: 5 }.',
    blame: 'usage',
  });
}

/**
 * Chooses files that would be missed: regular ones with bytes, no hidden ones such as markers, none that are made again.
 * The same seed chooses the same of the same files. Holds no more than it chooses.
 */
export async function chooseVictims(
  volume: Volume,
  seed: number,
  { count, fraction, spare = MADE_AGAIN }: VictimOptions,
): Promise<FileEntry[]> {
  const chosen: Ranked[] = [];
  const most = fraction === undefined ? (count ?? USUAL_COUNT) : Number.POSITIVE_INFINITY;
  let first: Ranked | undefined;
  for await (const file of volume.files()) {
    if (!wouldBeMissed(file, spare)) continue;
    const ranked = { rank: rankOf(seed, file.path), file };
    if (!first || ranked.rank < first.rank) first = ranked;
    if (ranked.rank < (fraction ?? 1)) insert(chosen, ranked, most);
  }
  if (chosen.length === 0 && first) chosen.push(first);
  if (chosen.length === 0) throw noVictims(volume.name);
  return chosen.map(({ file }) => file);
}

function wouldBeMissed(file: FileEntry, spare: readonly string[]): boolean {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  if (file.type !== 'file' || file.sizeBytes === 0 || name.startsWith('.')) return false;
  return !spare.some((folder) => file.path.startsWith(`${folder}/`));
}

/** A number from 0 to below 1 that is fixed by seed and path. */
function rankOf(seed: number, path: string): number {
  return createHash('sha256').update(`${seed} ${path}`).digest().readUIntBE(0, DIGEST_BYTES) / DIGEST_RANGE;
}

/** Keeps the lowest ranks; without a limit it only appends, because then their order does not matter. */
function insert(chosen: Ranked[], ranked: Ranked, most: number): void {
  if (chosen.length === most && ranked.rank >= (chosen.at(-1)?.rank ?? 1)) return;
  chosen.push(ranked);
  if (most === Number.POSITIVE_INFINITY) return;
  chosen.sort((a, b) => a.rank - b.rank);
  chosen.splice(most);
}

function noVictims(volume: string): DrillError {
  return new DrillError({
    code: 'disaster-no-victims',
    where: 'disaster/victims',
    what: `A file of volume ${volume} should be struck, but it has none that would be missed.`,
    next: 'Seed more, or choose a disaster that fits the workload.',
    blame: 'usage',
  });
}
