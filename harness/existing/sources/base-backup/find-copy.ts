import type { PlacedFile } from '../../places/place.ts';
import { refused } from './refused.ts';

const ARCHIVE = /^base\.tar(\.gz|\.zst)?$/;
const WAL_ARCHIVE = /^pg_wal\.tar(\.gz|\.zst)?$/;
const TABLESPACE = /^\d+\.tar/;

/** What a physical copy consists of, by the names of its files. */
export interface FoundCopy {
  /** The archive of the data folder; undefined when it lies there as a folder. */
  readonly base?: string;
  /** The archive of the write-ahead log, where that is not part of the data folder. */
  readonly wal?: string;
  /** Where on recovery begins is told by a label; what was copied at one moment has none, and begins where a crash would. */
  readonly hasLabel: boolean;
}

/** Whether there is a physical copy of a server among the files of a folder, whole or not. */
export function holdsCopy(files: readonly PlacedFile[]): boolean {
  return files.some(({ path }) => path === 'PG_VERSION' || ARCHIVE.test(path));
}

/** Finds a physical copy of a server among the regular files of a folder. */
export function findCopy(files: readonly PlacedFile[], where: string, isOneMoment = false): FoundCopy {
  const names = files.map(({ path }) => path);
  if (names.some((name) => TABLESPACE.test(name))) throw tablespaces(where);
  const bases = names.filter((name) => ARCHIVE.test(name));
  const wals = names.filter((name) => WAL_ARCHIVE.test(name));
  if (bases.length > 1 || wals.length > 1)
    throw refused(
      'copy-ambiguous',
      `${where} holds ${[...bases, ...wals].join(', ')}: which of them belong together cannot be told.`,
      'environment',
      'leave one of them in that folder.',
    );
  const [base] = bases;
  const [wal] = wals;
  const hasLabel = base !== undefined || names.includes('backup_label');
  if (base === undefined) requireFolder(names, where);
  if (!hasLabel && !isOneMoment) throw noLabel(where);
  return { hasLabel, ...(base !== undefined && { base }), ...(wal !== undefined && { wal }) };
}

/** The copy has tablespaces, which are not restored: their files would have to go where the live server has its own. */
export function tablespaces(where: string): ReturnType<typeof refused> {
  return refused(
    'tablespaces-unsupported',
    `The copy in ${where} has tablespaces of its own, which are not understood here.`,
    'environment',
    'drill a dump of this server instead.',
  );
}

function requireFolder(names: readonly string[], where: string): void {
  if (!names.includes('PG_VERSION'))
    throw refused(
      'backup-missing',
      `${where} holds neither base.tar nor PG_VERSION: there is no physical copy of a server in it.`,
      'backup',
    );
}

/** Only its label says from where on a copy of a running server must be recovered. */
export function noLabel(where: string): ReturnType<typeof refused> {
  return refused(
    'backup-label-missing',
    `${where} holds no backup_label: what was copied from a running server without it cannot be restored completely.`,
    'backup',
    'make the copy with pg_basebackup.',
  );
}
