import type { Receipt } from '../../model/path.ts';
import { Secret } from '../../model/secret.ts';
import { checkRepository } from './check-repository.ts';
import { choiceInWords, fittingSnapshots, pickOne, type Snapshot } from './choose-snapshot.ts';
import { marksIn } from './find-root.ts';
import { type HoldingGroup, type Holds, holdingGroup } from './holding-group.ts';
import { openSnapshot } from './open-snapshot.ts';
import type { OpenPlace, Place, PlaceContext, Wanted } from './place.ts';
import { type Reached, type ResticPlaceOptions, reach, snapshotsOf } from './restic-repository.ts';

const NAMED = 3;

/** A snapshot of a restic repository, opened without a lock. */
export function resticPlace(options: ResticPlaceOptions): Place {
  const { repository, password, env, snapshot, check } = options;
  const values = [repository, password, ...Object.values(env)];
  return {
    name: 'restic',
    programs: ['restic', 'sh'],
    secrets: values.filter((value) => value instanceof Secret),
    options: { repository: String(repository), snapshot: choiceInWords(snapshot) },
    keeps: { mode: true, owner: true, mtime: true, emptyFolders: true },
    ...(check && { check: async (context) => await checkRepository(context, await reach(context, options), check) }),
    open: async (context, wanted) => await openWanted(context, await reach(context, options), wanted),
  };
}

/** Opens the snapshot that the choice means, of those that hold what is wanted. */
async function openWanted(context: PlaceContext, options: Reached, wanted?: Wanted): Promise<OpenPlace> {
  const fitting = fittingSnapshots(await snapshotsOf(context, options), options.snapshot, new Date());
  const opened = new Map<Snapshot, OpenPlace>();
  const open = (snapshot: Snapshot) => {
    const place = opened.get(snapshot) ?? openSnapshot(context, options, snapshot);
    opened.set(snapshot, place);
    return place;
  };
  const group: HoldingGroup = wanted
    ? await holdingGroup(fitting, async (snapshot) => await holds(open(snapshot), wanted))
    : { snapshots: fitting, passedOver: [] };
  const [newest = fitting[0], ...others] = group.snapshots;
  const details = passedOver(group.passedOver);
  return { ...open(pickOne([newest, ...others], options.snapshot)), ...(details && { details }) };
}

async function holds(open: OpenPlace, wanted: Wanted): Promise<Holds> {
  if ('below' in wanted) return wanted.isThere(await open.list(wanted.below)) ? 2 : 0;
  const parents = marksIn(await open.foldersNamed(wanted.folders), wanted.folders);
  const plain = (path: string) => path.split('/').filter(Boolean).join('/');
  const below = [...parents].filter(([parent]) => wanted.root === undefined || plain(parent) === plain(wanted.root));
  // Others have a folder of such a name, too; two of them side by side are no accident.
  return Math.min(2, Math.max(0, ...below.map(([, marks]) => marks.size))) as Holds;
}

function passedOver(newer: readonly Snapshot[]): Receipt['details'] | undefined {
  if (newer.length === 0) return undefined;
  const some = newer
    .slice(0, NAMED)
    .map(({ id, hostname = '', paths }) => `${id.slice(0, 8)} of ${hostname}:${paths.join(', ')}`);
  const more = newer.length > NAMED ? ` and ${newer.length - NAMED} more` : '';
  return { passedOver: `${some.join('; ')}${more}: newer, and without what was looked for` };
}
