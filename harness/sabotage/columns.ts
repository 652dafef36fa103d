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

/** One column of the matrix: a component, and one way of backing it up. */
export interface Column {
  readonly component: string;
  /** How people call the path: `restic`, `pg-dump plain`. */
  readonly label: string;
  readonly path: AnyBackupPath;
}

/** Every way that we have of backing up a large volume, a database, a cache, a namespace. */
const WAYS: Readonly<Record<ComponentKind, readonly AnyBackupPath[]>> = {
  volume: [restic(), s3Sync(), tar()],
  postgres: [
    ...[pgDump(), pgDump({ format: 'directory' }), pgDump({ format: 'plain' })],
    ...[pgDumpTables(), pgBasebackup()],
  ],
  redis: [redisRdb()],
  kubernetes: [kubeExport()],
};

/**
 * The columns of a drill: the first component of each kind by every way that there is, its own first; the others by their
 * own, since the ways are the same. Only what the disaster strikes is ever restored.
 */
export function columnsOf(drill: Drill): Column[] {
  const seen = new Set<ComponentKind>();
  const struck = drill.disaster.strikes(Object.keys(drill.paths));
  return drill.workload.components.flatMap(({ name, kind }) => {
    const own = drill.paths[name];
    if (!own || !struck.includes(name)) return [];
    const first = !seen.has(kind);
    seen.add(kind);
    const ways = [own, ...(first ? WAYS[kind] : siblingsOf(own))];
    const labelled = new Map(ways.map((path) => [labelOf(path), path] as const).toReversed());
    return [...labelled].toReversed().map(([label, path]) => ({ component: name, label, path }));
  });
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
