import type { Drill } from '../model/drill.ts';
import type { AnyBackupPath } from '../model/path.ts';
import type { ComponentKind } from '../model/target.ts';
import { encryptedExport } from '../paths/encrypted-export.ts';
import { kubeExport } from '../paths/kube-export.ts';
import { pgBasebackup } from '../paths/pg-basebackup.ts';
import { pgDump } from '../paths/pg-dump.ts';
import { pgDumpTables } from '../paths/pg-dump-tables.ts';
import { redisRdb } from '../paths/redis-rdb.ts';
import { restic } from '../paths/restic.ts';
import { s3Sync } from '../paths/s3-sync.ts';
import { tar } from '../paths/tar.ts';
import { databaseSnapshot, volumeSnapshot } from '../paths/volume-snapshot.ts';

/** One column of the matrix: a component, and one way of backing it up. */
export interface Column {
  readonly component: string;
  /** How people call the path: `restic`, `pg-dump plain`. */
  readonly label: string;
  readonly path: AnyBackupPath;
}

/** Every way that we have of backing up a large volume, a database, a cache, a namespace. */
const WAYS: Readonly<Record<ComponentKind, readonly AnyBackupPath[]>> = {
  volume: [restic(), s3Sync(), tar(), volumeSnapshot()],
  postgres: [
    ...[pgDump(), pgDump({ format: 'directory' }), pgDump({ format: 'plain' })],
    ...[pgDumpTables(), pgBasebackup(), databaseSnapshot()],
  ],
  redis: [redisRdb()],
  kubernetes: [kubeExport()],
};

/** Where the matrix runs, and which paths are asked for. */
export interface Wanted {
  readonly substrate: string;
  /** Labels of paths, or names that labels begin with; none for those that make sense there. */
  readonly paths: readonly string[];
}

/**
 * The columns of a drill: the first component of each kind by every way that there is, its own first; the others by their
 * own, since the ways are the same. Only what the disaster strikes is ever restored. In a cluster, where a run takes long,
 * ways that need none are left to this machine unless they are the drill's own or asked for.
 */
export function columnsOf(drill: Drill, wanted: Wanted): Column[] {
  const seen = new Set<ComponentKind>();
  const struck = drill.disaster.strikes(Object.keys(drill.paths));
  return drill.workload.components.flatMap(({ name, kind }) => {
    const own = drill.paths[name];
    if (!own || !struck.includes(name)) return [];
    const first = !seen.has(kind);
    seen.add(kind);
    const ways = [own, ...(first ? WAYS[kind] : siblingsOf(own))].filter((path) => makesSense(path, own, wanted));
    const labelled = new Map(ways.map((path) => [labelOf(path), path] as const).toReversed());
    return [...labelled].toReversed().map(([label, path]) => ({ component: name, label, path }));
  });
}

function makesSense(path: AnyBackupPath, own: AnyBackupPath, { substrate, paths }: Wanted): boolean {
  const needsCluster = path.needs !== undefined;
  if (substrate === 'local') return !needsCluster;
  return path === own || needsCluster || (paths.length > 0 && isOnPath(labelOf(path), paths));
}

/** Whether a path is asked for: by its whole label, or by what labels begin with. */
export function isOnPath(label: string, paths: readonly string[]): boolean {
  return paths.length === 0 || paths.some((path) => label === path || label.startsWith(`${path} `));
}

/** What seals with one cipher is drilled with the other, too. */
function siblingsOf(path: AnyBackupPath): AnyBackupPath[] {
  return path.name === 'encrypted-export' ? [encryptedExport(), encryptedExport({ cipher: 'gpg' })] : [];
}

/** The name of a path, with the option that makes it another one. */
export function labelOf({ name, options }: AnyBackupPath): string {
  const { format, cipher } = options;
  if (name === 'pg-dump' && format !== undefined) return `${name} ${format}`;
  return cipher === undefined ? name : `${name} ${cipher}`;
}
