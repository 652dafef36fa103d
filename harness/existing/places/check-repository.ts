import { DrillError } from '../../model/error.ts';
import type { Receipt } from '../../model/path.ts';
import { linesIn, outputOf, type PlaceContext } from './place.ts';
import { isFolder, type Reached, resticCall, snapshotsOf } from './restic-repository.ts';

/** What `restic check` looks at: the structure, and of the packs so much that it is read again. */
export interface RepositoryCheck {
  /** As `--read-data-subset` takes it: `5%`, `1/10`, `500M`. */
  readonly readData?: string;
}

const NAMED = 3;
const DAMAGED = /repository contains errors|repository is damaged|index is damaged|contains damaged pack files/i;
/** What restic says of one pack, one tree or one part of the index. */
const ABOUT =
  /\b(pack|blob|tree|index) [0-9a-f]{8,}|<(data|tree|index)\/|error loading |\bid [0-9a-f]{8,} not found|index is damaged/i;

/**
 * Has restic look whether a repository is whole, without a lock and without writing to it. What is being written to by
 * somebody else meanwhile may look damaged and not be so.
 */
export async function checkRepository(
  context: PlaceContext,
  options: Reached,
  { readData }: RepositoryCheck,
): Promise<Receipt['details']> {
  const looked = { repositoryRead: readData ?? 'structure' };
  try {
    const said = await damageSaid(context, options, readData);
    if (said === undefined) return { ...looked, repository: 'sound', repositorySaid: 'no errors were found' };
    if (await isLocked(context, options)) {
      const busy = `${said}; but somebody else held a lock on it, and may have been writing`;
      return { ...looked, repository: 'not checked', repositorySaid: busy };
    }
    const { host: _, ...rest } = options;
    const everything = { ...rest, tags: [] };
    const others = (await snapshotsOf(context, everything)).length - 1;
    return { ...looked, repository: 'damaged', repositorySaid: said, otherSnapshots: Math.max(0, others) };
  } catch (error) {
    if (!(error instanceof DrillError)) throw error;
    return { ...looked, repository: 'not checked', repositorySaid: error.what };
  }
}

/** What is wrong with it, the first of all things; undefined where nothing is. */
async function damageSaid(
  context: PlaceContext,
  options: Reached,
  readData: string | undefined,
): Promise<string | undefined> {
  // One on this machine is read as fast as any cache.
  const isNear = isFolder(options.repository);
  const cache = await context.volume('check-cache');
  const env = { ...options.env, RESTIC_CACHE_DIR: cache.path };
  const args = [
    ...(isNear ? ['--no-cache'] : []),
    'check',
    ...(readData === undefined ? [] : [`--read-data-subset=${readData}`]),
  ];
  try {
    await context.run({
      name: `${context.component}.check`,
      volumes: [...options.volumes, { volume: cache }],
      steps: () => [resticCall({ ...options, env }, args)],
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof DrillError) || !DAMAGED.test(error.tail)) throw error;
    const about = linesIn(error.tail).filter((line) => ABOUT.test(line));
    const named = about.slice(0, NAMED).map((line) => line.trim().replace(/[0-9a-f]{9,}/g, (id) => id.slice(0, 8)));
    return (
      [...named, ...(about.length > NAMED ? [`and ${about.length - NAMED} more`] : [])].join('; ') || 'it has errors'
    );
  } finally {
    await cache.destroy();
  }
}

async function isLocked(context: PlaceContext, options: Reached): Promise<boolean> {
  return (await outputOf(context, 'locks', resticCall(options, ['list', 'locks']), options.volumes)).trim() !== '';
}
