import type { Snapshot } from './choose-snapshot.ts';

/** How surely a snapshot holds what is wanted: not at all, perhaps, surely. */
export type Holds = 0 | 1 | 2;

/** Snapshots of one thing, of which the newest is to be believed. */
export interface HoldingGroup {
  /** The newest first. */
  readonly snapshots: readonly Snapshot[];
  /** Newer ones, of other things. */
  readonly passedOver: readonly Snapshot[];
  /** Whether anybody has found in them what is wanted; undefined where nobody had to look. */
  readonly holds?: boolean;
}

/** Looking into one takes as long as listing all of it. */
const MOST_LOOKS = 10;
/** Hosts that containers get when nobody names them, another one each time. */
const CONTAINER = /^[0-9a-f]{12}$/;

/**
 * Of snapshots of several hosts and paths, the newest first, those of the host and the paths whose newest holds what is
 * wanted. A newest one that holds it no longer, while earlier ones of the same do, is not passed over: that is a loss.
 */
export async function holdingGroup(
  newestFirst: readonly Snapshot[],
  look: (snapshot: Snapshot) => Promise<Holds>,
): Promise<HoldingGroup> {
  const groups = Map.groupBy(newestFirst, thingOf);
  const all = [...groups.values()];
  if (all.length < 2) return { snapshots: newestFirst, passedOver: [] };
  const left = { looks: MOST_LOOKS };
  const found = await firstThatHolds(all, look, left);
  if (!found) return { snapshots: newestFirst, passedOver: [], holds: false };
  for (const group of all.slice(0, all.indexOf(found)))
    for (const earlier of new Set([group[1], group.at(-1)])) {
      if (earlier === undefined || earlier === group[0] || left.looks === 0) continue;
      left.looks -= 1;
      if ((await look(earlier)) === 2) return told(newestFirst, group);
    }
  return told(newestFirst, found);
}

async function firstThatHolds(
  groups: readonly Snapshot[][],
  look: (snapshot: Snapshot) => Promise<Holds>,
  left: { looks: number },
): Promise<Snapshot[] | undefined> {
  let perhaps: Snapshot[] | undefined;
  for (const group of groups) {
    const [newest] = group;
    if (!newest || left.looks === 0) break;
    left.looks -= 1;
    const holds = await look(newest);
    if (holds === 2) return group;
    if (holds === 1) perhaps ??= group;
  }
  return perhaps;
}

function told(newestFirst: readonly Snapshot[], group: readonly Snapshot[]): HoldingGroup {
  const [newest] = group;
  const newer = newest ? newestFirst.slice(0, newestFirst.indexOf(newest)) : [];
  return { snapshots: group, passedOver: newer, holds: true };
}

/** What a snapshot is of: the same paths of the same host, whatever day stands in them. */
function thingOf({ hostname = '', paths }: Snapshot): string {
  const named = paths.map((path) => path.replace(/\d{4}[-_.]?\d\d[-_.]?\d\d|\d{4,}/g, '#')).sort();
  return JSON.stringify([CONTAINER.test(hostname) ? '' : hostname, ...named]);
}
