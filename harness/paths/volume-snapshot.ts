import type { BackupContext, BackupPath, InMatrix, RestoreContext } from '../model/path.ts';
import { exportPrograms } from './snapshots/export-snapshot.ts';
import { fillFrom, retainSnapshots, type TakeOptions, takeSnapshot } from './snapshots/taken-snapshot.ts';

/** How a volume is copied by its storage. */
export interface VolumeSnapshotOptions extends TakeOptions {
  /** Whether users stop writing while the snapshot is taken. */
  readonly quiesce?: boolean;
}

/** How the data of a database server is copied by its storage. */
export interface DatabaseSnapshotOptions extends TakeOptions {
  /**
   * `crash`: as if the power had gone, which a server recovers from; `checkpoint`: the same after a checkpoint, from
   * which that takes less time; `quiesced`: users stop writing, too.
   */
  readonly consistency?: 'crash' | 'checkpoint' | 'quiesced';
}

const KEEPS_ALL = { mode: true, owner: true, mtime: true, emptyFolders: true };

/**
 * Lets the storage copy a volume at one moment. The copy lies in the cluster and ends with its namespace: only with
 * `export` does it go into the backup store, too, and is it a backup of its own.
 */
export function volumeSnapshot({ quiesce = false, ...take }: VolumeSnapshotOptions = {}): BackupPath<'volume'> {
  return {
    ...base(take),
    protects: 'volume',
    promises: { keeps: KEEPS_ALL, leavesOut: [], quiesce },
    options: { ...take, quiesce },
    backup: (context) => takeSnapshot(context, take),
    restore: ({ target, ...context }: RestoreContext<'volume'>) => fillFrom(context, target),
  };
}

/** The same for the data of a database server, which goes on running; a new server recovers on what is restored. */
export function databaseSnapshot(options: DatabaseSnapshotOptions = {}): BackupPath<'postgres'> {
  const { consistency = 'crash', ...take } = options;
  return {
    ...base(take),
    protects: 'postgres',
    promises: {
      keeps: { mode: false, owner: false, mtime: false, emptyFolders: false },
      leavesOut: [],
      quiesce: consistency === 'quiesced',
    },
    options: { ...take, consistency },
    backup: async (context: BackupContext<'postgres'>) => {
      if (consistency !== 'crash') await context.source.query('CHECKPOINT');
      return await takeSnapshot(context, take, { consistency, server: context.source.version });
    },
    restore: async ({ target, ...context }: RestoreContext<'postgres'>) => {
      await fillFrom(context, target.data);
      await target.start();
    },
  };
}

function base(take: TakeOptions) {
  return {
    name: 'volume-snapshot',
    needs: ['snapshots'],
    ...(take.export ? exportPrograms() : { programs: [] }),
    retain: retainSnapshots,
  } as const;
}

/** How sabotage tries it. */
export const inMatrix: InMatrix = { rank: 9, forFirst: [volumeSnapshot(), databaseSnapshot()] };
