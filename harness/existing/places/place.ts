import type { Job, Program, Step } from '../../model/job.ts';
import { linesOf } from '../../model/lines.ts';
import type { PathFacts, PathPromises, Receipt } from '../../model/path.ts';
import type { Secret } from '../../model/secret.ts';
import type { SourceContext, SourceKind } from '../../model/source.ts';
import type { Volume } from '../../model/target.ts';

/** What opening a place needs of the run. */
export interface PlaceContext extends Omit<SourceContext<SourceKind>, 'target' | 'secret' | 'load' | 'aside'> {
  /** Where tools may keep what they would otherwise fetch again in every job. */
  readonly cache?: Volume;
}

/** One file of a place; its path is relative to the place. */
export interface PlacedFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** As an ISO time: when the file was last written, as far as the place has kept it. */
  readonly modifiedAt: string;
  /** What tells these bytes from others of the same name, where the place says so. */
  readonly version?: string;
}

/** Where backups lie: a folder, a bucket, a snapshot of a restic repository. Nothing is ever written to it. */
export interface Place {
  readonly name: string;
  readonly programs: readonly Program[];
  readonly oneOf?: readonly Program[];
  readonly secrets: readonly Secret[];
  readonly options: PathFacts['options'];
  /** What of a file the place itself keeps beside its bytes and name. */
  readonly keeps: PathPromises['keeps'];
  /** `wanted` tells backups of it from those of other things, where the place holds both. */
  open(context: PlaceContext, wanted?: Wanted): Promise<OpenPlace>;
  /** Looks whether the place is whole beside what is restored from it, where it can tell: `repository` and `repositorySaid` of a receipt. */
  check?(context: PlaceContext): Promise<Receipt['details']>;
}

/** What a backup is looked for: a library, by folders of which it has some side by side, or a file. */
export type Wanted =
  | { readonly folders: readonly string[]; readonly root?: string }
  | { readonly below: string; isThere(files: readonly PlacedFile[]): boolean };

/** A place that has been looked into: the snapshot is chosen. Its steps only read. */
export interface OpenPlace {
  /** Which backup it is: a snapshot's id, a URL, a folder. */
  readonly id: string;
  /** When it was made, as an ISO time; empty when only its files can tell. */
  readonly madeAt: string;
  readonly volumes: Job['volumes'];
  /** All of it is of one moment: the data of a server in it are what a crash at that moment would have left. */
  readonly isOneMoment?: boolean;
  /** How it was chosen among others, for receipts. */
  readonly details?: Receipt['details'];
  /** Files below a folder of the place, in no order. */
  files(below: string): AsyncIterable<PlacedFile>;
  /** Those that lie in a folder itself, not below another one in it. */
  filesIn(folder: string): Promise<PlacedFile[]>;
  /** All of them at once. */
  list(below: string): Promise<PlacedFile[]>;
  /** When the newest file below a folder was written, as an ISO time; empty where the place itself knows when it was made. */
  lastWritten(below: string): Promise<string>;
  /** Folders anywhere in the place that have one of the names. */
  foldersNamed(names: readonly string[]): Promise<string[]>;
  /** Puts what a folder holds into another. */
  fetchFolder(path: string, into: string): Step[];
  /** What `fetchSome` reads from a file to know some of the files of a folder, and nothing else. */
  listOf(names: readonly string[]): string;
  /** Such a list may name a folder, and means all that is below it. */
  readonly takesFolders: boolean;
  /** Puts those of a folder's files that a list names into another folder, below the same folders. */
  fetchSome(path: string, list: string, into: string): Step[];
  /** Puts one file under a name of the job's own. */
  fetchFile(path: string, into: string): Step[];
  /** Where a job that mounts its volumes finds a file without fetching it, where that can be. */
  fileAt?(path: string): string;
}

/** What a step writes to its standard output, however long, by way of a volume of the run. */
export async function outputOf(
  context: PlaceContext,
  name: string,
  step: Step,
  volumes: Job['volumes'],
): Promise<string> {
  const volume = await context.volume(name);
  const file = `${name}.txt`;
  await context.run({
    name: `${context.component}.${name}`,
    volumes: [...volumes, { volume }],
    steps: () => [{ ...step, stdout: `${volume.path}/${file}`, phase: 'fetch' }],
  });
  return Buffer.from(await volume.read(file)).toString('utf8');
}

/** Small: what is read faster than garbage is collected would count as memory. */
const PIECE_BYTES = 256 * 1024;

/** The lines that a step writes to its standard output, read piece by piece; they leave the disk once they are read. */
export async function* linesFrom(
  context: PlaceContext,
  name: string,
  step: Step,
  volumes: Job['volumes'],
): AsyncGenerator<string> {
  const volume = await context.volume(name);
  const file = `${name}.txt`;
  try {
    await context.run({
      name: `${context.component}.${name}`,
      volumes: [...volumes, { volume }],
      steps: () => [{ ...step, stdout: `${volume.path}/${file}`, phase: 'fetch' }],
    });
    yield* linesOf(piecesOf(volume, file));
  } finally {
    await volume.destroy();
  }
}

/** Those of the lines that a step writes whose last folder has one of the names; a tool looks for them among many. */
export async function pathsNamed(
  context: PlaceContext,
  step: Step,
  volumes: Job['volumes'],
  names: readonly string[],
): Promise<string[]> {
  const volume = await context.volume('folders');
  const all = `${volume.path}/all.txt`;
  const pattern = `(^|/)(${names.map((name) => name.replace(/[^A-Za-z0-9_-]/g, '\\$&')).join('|')})/?$`;
  await context.run({
    name: `${context.component}.folders`,
    volumes: [...volumes, { volume }],
    steps: () => [
      { ...step, stdout: all, phase: 'fetch' },
      {
        program: 'sh',
        args: ['-c', 'LC_ALL=C grep -aE -- "$1" "$2"', 'sh', pattern, all],
        stdout: `${volume.path}/named.txt`,
        okExitCodes: [0, 1],
        phase: 'fetch',
      },
    ],
  });
  const found = linesIn(Buffer.from(await volume.read('named.txt')).toString('utf8'));
  await volume.destroy();
  return found.map((path) => path.replace(/\/$/, ''));
}

/** A file of a volume, however long, piece by piece. */
export async function* piecesOf(volume: Pick<Volume, 'read'>, file: string): AsyncGenerator<Uint8Array> {
  for (let offset = 0; ; offset += PIECE_BYTES) {
    const piece = await volume.read(file, { offset, length: PIECE_BYTES });
    if (piece.length > 0) yield piece;
    if (piece.length < PIECE_BYTES) return;
  }
}

/** The last of the lines that a step writes, in the order of the alphabet, however many there are. */
export async function lastLineOf(
  context: PlaceContext,
  name: string,
  step: Step,
  volumes: Job['volumes'],
): Promise<string> {
  const volume = await context.volume(name);
  const report = await context.run({
    name: `${context.component}.${name}`,
    volumes: [...volumes, { volume }],
    steps: () => [
      { ...step, stdout: `${volume.path}/lines.txt`, phase: 'fetch' },
      {
        program: 'sh',
        args: ['-c', 'LC_ALL=C sort "$1" | tail -n 1', 'sh', `${volume.path}/lines.txt`],
        phase: 'fetch',
      },
    ],
  });
  return report.steps.at(-1)?.stdout.trim() ?? '';
}

/** Lines of a text, without the empty ones. */
export function linesIn(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
