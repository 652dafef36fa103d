import { DrillError } from '../../model/error.ts';
import type { Step } from '../../model/job.ts';
import type { Secret } from '../../model/secret.ts';
import type { RepositoryCheck } from './check-repository.ts';
import type { Snapshot, SnapshotChoice } from './choose-snapshot.ts';
import { type OpenPlace, outputOf, type PlaceContext } from './place.ts';

/** A restic repository, as the user's own backups write it. */
export interface ResticPlaceOptions {
  /** As restic takes it: a folder, `s3:https://…`, `rest:https://…`, `sftp:user@host:/…`. */
  readonly repository: string | Secret;
  readonly password: Secret;
  /** Credentials and settings for the repository's own server. */
  readonly env: Readonly<Record<string, string | Secret>>;
  readonly snapshot: SnapshotChoice;
  readonly host?: string;
  readonly tags: readonly string[];
  /** What is looked at of the repository beside the snapshot; nothing unless given. */
  readonly check?: RepositoryCheck;
}

/** Nothing may be written to the repository, not even a lock. */
const READ_ONLY = '--no-lock';

/** A repository as jobs reach it: one in a folder of this machine may be another folder to them. */
export interface Reached extends ResticPlaceOptions {
  readonly volumes: OpenPlace['volumes'];
}

/** Finds out where jobs find the repository. */
export async function reach(context: PlaceContext, options: ResticPlaceOptions): Promise<Reached> {
  const { repository } = options;
  if (!isFolder(repository)) return { ...options, volumes: [] };
  const { path, volumes } = await context.folder(repository);
  return { ...options, repository: path, volumes };
}

/** A repository of this machine; one whose address is a secret is on some server. */
export function isFolder(repository: string | Secret): repository is string {
  return typeof repository === 'string' && repository.startsWith('/');
}

/** All snapshots of a repository that the options ask for. */
export async function snapshotsOf(context: PlaceContext, options: Reached): Promise<readonly Snapshot[]> {
  const filters = [...(options.host ? ['--host', options.host] : []), ...options.tags.flatMap((tag) => ['--tag', tag])];
  const step = resticCall(options, ['snapshots', '--json', ...filters]);
  try {
    return (JSON.parse(await outputOf(context, 'snapshots', step, options.volumes)) as Snapshot[] | null) ?? [];
  } catch (error) {
    if (error instanceof DrillError && error.code === 'repository-missing' && (await hasParts(context, options)))
      throw configLost(options, error);
    throw error;
  }
}

/** A folder with parts of a repository is no wrong folder. */
async function hasParts(context: PlaceContext, { repository, volumes }: Reached): Promise<boolean> {
  if (!isFolder(repository)) return false;
  const args = [
    '-c',
    'cd "$1" && for part in data keys snapshots; do [ ! -d "$part" ] || echo "$part"; done',
    'sh',
    repository,
  ];
  return (await outputOf(context, 'parts', { program: 'sh', args }, volumes)) !== '';
}

function configLost({ repository }: Reached, cause: DrillError): DrillError {
  return new DrillError({
    code: 'repository-damaged',
    where: 'source/restic',
    what: `The repository ${String(repository)} has lost its file "config", without which restic opens nothing of it.`,
    next: 'bring that file back from a copy of the repository; it is never written again once it is there.',
    blame: 'backup',
    cause,
    tail: cause.tail,
  });
}

/** A call of restic that only reads. */
export function resticCall({ repository, password, env }: ResticPlaceOptions, args: string[]): Step {
  return {
    program: 'restic',
    args: [READ_ONLY, ...args],
    env: { RESTIC_PROGRESS_FPS: '0.1', ...env, RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: password },
    ...(!isFolder(repository) && { reachesOut: true }),
  };
}
