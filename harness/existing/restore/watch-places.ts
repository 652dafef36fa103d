import type { AnyRunState } from '../../engine/run-state.ts';
import { timed } from '../../engine/timed.ts';
import type { Moment } from '../../model/manifest.ts';
import { World } from '../../model/target.ts';
import type { PlaceRecord, WatchedPlace, WayToList } from '../../model/watch.ts';
import { sortedListing } from '../batches/sorted-listing.ts';
import { openGateways, originOf } from '../gateway/open-gateways.ts';
import { openingContext } from './restore-one.ts';

/** Lists the places that the run is going to read, before it does: what they are compared with when its work is done. */
export async function lookBefore(state: AnyRunState): Promise<void> {
  const records: PlaceRecord[] = [];
  await openGateways(state);
  for (const [index, place] of (state.drill.watches ?? []).entries()) {
    const evidence = `source-${index + 1}`;
    state.listener.step(`listing ${place.id}`);
    const guard = await guardOf(state, place);
    const about = { id: place.id, evidence, ...(guard && { guard }) };
    records.push(await listedFirst(state, place, about));
  }
  state.places = records;
}

/** Lists them again, each in the way that worked before. */
export async function lookAgain(state: AnyRunState): Promise<void> {
  const records: PlaceRecord[] = [];
  for (const [index, record] of (state.places ?? []).entries()) {
    const way = state.drill.watches?.[index]?.ways.find(({ by, blind }) => by === record.by && blind === record.blind);
    state.listener.step(`listing ${record.id} again`);
    const trouble = way && (await troubleWith(state, record, way, 'after'));
    const { guard, ...unguarded } = record;
    const about = guard !== undefined && wentAround(state, state.drill.watches?.[index]) ? unguarded : record;
    records.push(trouble ? { ...about, trouble: `not listed again: ${trouble}` } : about);
  }
  if (state.places) state.places = records;
}

/** What kept the run's tools, or everybody, from writing to a place. */
async function guardOf({ substrate, gateways = [] }: AnyRunState, place: WatchedPlace): Promise<string | undefined> {
  const { folder, server } = place;
  if (server !== undefined && gateways.some(({ to }) => to === originOf(server)))
    return 'behind a gateway that lets nothing through but reads';
  return (await place.guard?.()) ?? (folder === undefined ? undefined : substrate?.guards?.(folder));
}

/** Tools that never came to the gateway have gone another way, or nowhere: it has kept nobody from anything. */
function wentAround({ gateways = [] }: AnyRunState, place: WatchedPlace | undefined): boolean {
  const gateway = gateways.find(({ to }) => place?.server !== undefined && to === originOf(place.server));
  return gateway !== undefined && Object.keys(gateway.seen().methods).length === 0;
}

async function listedFirst(
  state: AnyRunState,
  { ways }: WatchedPlace,
  about: Pick<PlaceRecord, 'id' | 'evidence' | 'guard'>,
): Promise<PlaceRecord> {
  const troubles: string[] = [];
  for (const way of ways) {
    const trouble = await troubleWith(state, about, way, 'before');
    const { by, blind } = way;
    if (!trouble) return noted(state, { ...about, by, ...(blind !== undefined && { blind }) });
    troubles.push(`${by}: ${trouble}`);
  }
  return noted(state, { ...about, trouble: `not listed before: ${troubles.join('; ') || 'there is no way to'}` });
}

function noted(state: AnyRunState, record: PlaceRecord): PlaceRecord {
  const { id, blind } = record;
  state.journal.write('watched', { ...record });
  if (blind !== undefined)
    state.notTested.push({
      what: `that ${id} is as it was before, as far as ${blind} go`,
      why: 'its server did not list them',
    });
  return record;
}

/** Lists a place into the evidence; gives why it could not. A place that cannot be listed is no reason not to restore. */
async function troubleWith(
  state: AnyRunState,
  { id, evidence }: Pick<PlaceRecord, 'id' | 'evidence'>,
  way: WayToList,
  moment: Moment,
): Promise<string | undefined> {
  try {
    await timed(state, { name: `listing of ${id}` }, async () => {
      const context = openingContext(state, evidence, new World([]), { onTheWay: [] });
      const entries = sortedListing(interruptible(way.list(context), state.signal), state.folder.path);
      await state.folder.record(moment, evidence, 'place', entries);
    });
    return undefined;
  } catch (error) {
    if (state.signal.aborted) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

async function* interruptible<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const item of items) {
    signal.throwIfAborted();
    yield item;
  }
}
