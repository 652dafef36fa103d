import { join } from 'node:path';
import { DrillError } from '../../model/error.ts';
import type { Job } from '../../model/job.ts';
import type { KeptSnapshot } from '../../model/snapshots.ts';
import {
  lastLineOf,
  linesFrom,
  linesIn,
  type OpenPlace,
  outputOf,
  type Place,
  type PlaceContext,
  type PlacedFile,
} from './place.ts';
import { readFound } from './read-found.ts';

const KEEPS_ALL = { mode: true, owner: true, mtime: true, emptyFolders: true };

/** A folder of this machine: a mounted disk, or what `rclone copy` and `aws s3 sync` have made. */
export function folderPlace(path: string): Place {
  return {
    name: 'folder',
    programs: ['cp', 'find', 'sh'],
    secrets: [],
    options: { folder: path },
    keeps: KEEPS_ALL,
    open: async (context) => {
      const seen = await context.folder(path);
      return { ...openFolder(context, seen.path, seen.volumes), id: path };
    },
  };
}

/** A VolumeSnapshot that a cluster keeps, in whatever namespace. */
export function snapshotPlace(kept: KeptSnapshot): Place {
  return {
    name: 'volume snapshot',
    programs: ['cp', 'find', 'sh'],
    secrets: [],
    options: { ...given(kept) },
    keeps: KEEPS_ALL,
    open: async (context) => {
      const { path, volumes, id, takenAt, passedOver } = await context.snapshot(kept);
      const details = passedOver === undefined ? {} : { passedOver };
      return { ...openFolder(context, path, volumes), id, madeAt: takenAt, isOneMoment: true, details };
    },
  };
}

/** A folder of the library that was restored just before: Immich keeps its own dumps there. */
export function libraryPlace(component: string, folder: string): Place {
  return {
    name: 'library',
    programs: ['cp', 'find', 'sh'],
    secrets: [],
    options: { inLibrary: folder },
    keeps: KEEPS_ALL,
    open: async (context) => {
      if (!context.restored.has(component)) throw notRestored(component, folder);
      const volume = context.restored.volume(component);
      const open = openFolder(context, join(volume.path, folder), [{ volume, readOnly: true }]);
      // Where the run has put the library is of no interest, and gone when somebody reads of it.
      return { ...open, id: join(component, folder) };
    },
  };
}

function given(kept: KeptSnapshot): Record<string, string> {
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
}

function notRestored(component: string, folder: string): DrillError {
  return new DrillError({
    code: 'library-not-restored',
    where: 'source/library',
    what: `The dump lies in the folder ${folder} of the ${component}, which was not restored.`,
    next: `mend what kept the ${component} from being restored; the dump can only be looked for then.`,
    blame: 'environment',
  });
}

function openFolder(context: PlaceContext, root: string, volumes: Job['volumes']): OpenPlace {
  const found = async (name: string, ...args: string[]) =>
    linesIn(await outputOf(context, name, { program: 'find', args }, volumes));
  const files = async function* (below: string, ...only: string[]): AsyncGenerator<PlacedFile> {
    const args = [join(root, below), ...only, '-type', 'f', '-printf', '%s %T@ %P\\n'];
    for await (const line of linesFrom(context, 'list', { program: 'find', args }, volumes)) yield* readFound(line);
  };
  return {
    id: root,
    madeAt: '',
    volumes,
    files: (below) => files(below),
    filesIn: (folder) => Array.fromAsync(files(folder, '-maxdepth', '1')),
    list: (below) => Array.fromAsync(files(below)),
    lastWritten: async (below) => {
      const args = [join(root, below), '-type', 'f', '-printf', '%TY-%Tm-%TdT%TH:%TM:%TSZ\\n'];
      const last = await lastLineOf(context, 'newest', { program: 'find', args }, volumes);
      return last && new Date(last).toISOString();
    },
    foldersNamed: async (names) => {
      const tests = names.flatMap((name, index) => [...(index > 0 ? ['-o'] : []), '-name', name]);
      return await found('folders', root, '-type', 'd', '(', ...tests, ')', '-printf', '%P\\n');
    },
    fetchFolder: (path, into) => [
      { program: 'cp', args: ['--archive', `${join(root, path)}/.`, into], phase: 'fetch' },
    ],
    listOf: (names) => `${names.join('\n')}\n`,
    takesFolders: false,
    fetchSome: (path, list, into) => [
      {
        program: 'sh',
        args: [
          '-c',
          'set -e; cd "$1"; tar --create --no-recursion --verbatim-files-from --files-from "$2" | tar --extract --preserve-permissions --directory "$3"',
          ...['sh', join(root, path), list, into],
        ],
        phase: 'fetch',
      },
    ],
    fetchFile: (path, into) => [{ program: 'cp', args: ['--archive', join(root, path), into], phase: 'fetch' }],
    fileAt: (path) => join(root, path),
  };
}
