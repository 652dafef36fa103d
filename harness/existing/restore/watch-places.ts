import type { Part, Watched } from '../../engine/made.ts';
import type { Run } from '../../engine/run.ts';
import { timed } from '../../engine/timed.ts';
import type { Moment } from '../../model/manifest.ts';
import { World } from '../../model/target.ts';
import type { PlaceRecord, WatchedPlace, WayToList } from '../../model/watch.ts';
import { openGateways, originOf } from '../gateway/open-gateways.ts';
import { openingContext } from './restore-one.ts';
import { sortedListing } from './sorted-listing.ts';

type Watch = Part<'opened', 'watched'>;

/** Lists the places that the run is going to read, before it does: what they are compared with when its work is done. */
export async function lookBefore(run: Run, made: Watch): Promise<void> {
  const records: PlaceRecord[] = [];
  await openGateways(run, made);
  for (const [index, place] of (made.opened.drill.watches ?? []).entries()) {
    const evidence = `source-${index + 1}`;
    run.listener.step(`listing ${place.id}`);
    const guard = await guardOf(made, place);
    const { id, inUse } = place;
    const about = { id, evidence, ...(guard && { guard }), ...(inUse !== undefined && { inUse }) };
    records.push(await listedFirst(run, made, place, about));
  }
  made.watched.places = records;
}

/** Lists them again, each in the way that worked before. */
export async function lookAgain(run: Run, made: Watch): Promise<void> {
  const { watched } = made;
  const { watches } = made.opened.drill;
  const records: PlaceRecord[] = [];
  for (const [index, record] of (watched.places ?? []).entries()) {
    const way = watches?.[index]?.ways.find(({ by, blind }) => by === record.by && blind === record.blind);
    run.listener.step(`listing ${record.id} again`);
    const trouble = way && (await troubleWith(run, made, record, way, 'after'));
    const { guard, ...unguarded } = record;
    const about = guard !== undefined && wentAround(watched, watches?.[index]) ? unguarded : record;
    records.push(trouble ? { ...about, trouble: `not listed again: ${trouble}` } : about);
  }
  if (watched.places) watched.places = records;
}

/** What kept the run's tools, or everybody, from writing to a place. */
async function guardOf({ opened, watched }: Watch, place: WatchedPlace): Promise<string | undefined> {
  const { gateways = [] } = watched;
  const { folder, server } = place;
  if (server !== undefined && gateways.some(({ to }) => to === originOf(server)))
    return 'behind a gateway that lets nothing through but reads';
  return (await place.guard?.()) ?? (folder === undefined ? undefined : opened.substrate?.guards?.(folder));
}

/** Tools that never came to the gateway have gone another way, or nowhere: it has kept nobody from anything. */
function wentAround({ gateways = [] }: Readonly<Watched>, place: WatchedPlace | undefined): boolean {
  const gateway = gateways.find(({ to }) => place?.server !== undefined && to === originOf(place.server));
  return gateway !== undefined && Object.keys(gateway.seen().methods).length === 0;
}

async function listedFirst(
  run: Run,
  made: Watch,
  { ways, at = '' }: WatchedPlace,
  about: Pick<PlaceRecord, 'id' | 'evidence' | 'guard' | 'inUse'>,
): Promise<PlaceRecord> {
  const silent = made.watched.silent?.get(at);
  if (silent !== undefined) return noted(run, { ...about, trouble: `not listed before: its server, ${at}, ${silent}` });
  const troubles: string[] = [];
  for (const way of ways) {
    const trouble = await troubleWith(run, made, about, way, 'before');
    const { by, blind } = way;
    if (!trouble) return noted(run, { ...about, by, ...(blind !== undefined && { blind }) });
    troubles.push(`${by}: ${trouble}`);
  }
  return noted(run, { ...about, trouble: `not listed before: ${troubles.join('; ') || 'there is no way to'}` });
}

function noted({ journal, log }: Run, record: PlaceRecord): PlaceRecord {
  const { id, blind, guard, inUse } = record;
  journal.write('watched', { ...record });
  if (inUse !== undefined && guard === undefined)
    log.notTested.push({
      what: `that nothing of this drill has written to ${id}`,
      why: `${inUse} does so all the time, and nothing kept this drill from it`,
    });
  if (blind !== undefined)
    log.notTested.push({
      what: `that ${id} is as it was before, as far as ${blind} go`,
      why: 'its server did not list them',
    });
  return record;
}

/** Lists a place into the evidence; gives why it could not. A place that cannot be listed is no reason not to restore. */
async function troubleWith(
  run: Run,
  made: Watch,
  { id, evidence }: Pick<PlaceRecord, 'id' | 'evidence'>,
  way: WayToList,
  moment: Moment,
): Promise<string | undefined> {
  try {
    await timed(run, { name: `listing of ${id}` }, async () => {
      const context = openingContext(run, made, evidence, { restored: new World([]), attempt: { onTheWay: [] } });
      const entries = sortedListing(interruptible(way.list(context), run.signal), run.folder.path);
      await run.folder.record(moment, evidence, 'place', entries);
    });
    return undefined;
  } catch (error) {
    if (run.signal.aborted) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

async function* interruptible<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const item of items) {
    signal.throwIfAborted();
    yield item;
  }
}
