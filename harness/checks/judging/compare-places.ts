import { compareBytes } from '../../model/manifest.ts';
import { isDigest, type PlaceEntry, pathOf } from '../../model/watch.ts';

/** Facts of a folder that change by themselves when something is put into it or taken out. */
const FOLLOW = new Set(['modified', 'changed', 'sizeBytes', 'links']);

/** One difference between two lists of a place. */
export interface Difference {
  readonly kind: 'appeared' | 'gone' | 'changed';
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** How much was the same, for the report. */
export interface Compared {
  entries: number;
  /** Of the bytes themselves. */
  bytes: number;
}

/** A folder whose times have changed, which whatever appears or is missing directly in it explains. */
interface Stirred extends Difference {
  explained: boolean;
}

/** Differences between two sorted lists of a place, one after the other; memory does not grow with them. */
export async function* comparePlaces(
  before: AsyncIterable<PlaceEntry>,
  after: AsyncIterable<PlaceEntry>,
  compared: Compared,
): AsyncGenerator<Difference> {
  const stirred: Stirred[] = [];
  for await (const [old, young] of pairsOf(before, after)) {
    const { path } = old ?? young ?? { path: '' };
    yield* left(stirred, path);
    if (old && young) {
      const difference = differenceOf(old, young);
      if (!difference) count(old, compared);
      else if (path.endsWith('/') || path === '') yield* noteFolder(difference, old, young, stirred);
      else yield difference;
    } else if (!isDigest(old ?? (young as PlaceEntry))) {
      const above = stirred.find((folder) => folder.path === folderOf(path));
      if (above) above.explained = true;
      yield old
        ? { kind: 'gone', path, before: inWords(old), after: 'gone' }
        : { kind: 'appeared', path, before: 'nothing', after: young ? inWords(young) : '' };
    }
  }
  yield* left(stirred, undefined);
}

function* noteFolder(difference: Difference, old: PlaceEntry, young: PlaceEntry, stirred: Stirred[]) {
  if (changedFacts(old, young).every((name) => FOLLOW.has(name))) stirred.push({ ...difference, explained: false });
  else yield difference;
}

/** What is over once a path comes that is not below it: nothing that stayed explains why its times have changed. */
function* left(stirred: Stirred[], path: string | undefined): Generator<Difference> {
  for (let last = stirred.at(-1); last && !path?.startsWith(last.path); last = stirred.at(-1)) {
    const { explained, ...difference } = last;
    if (!explained) yield { ...difference, after: `${difference.after}: something was made in it and removed again` };
    stirred.pop();
  }
}

function count({ path, facts }: PlaceEntry, compared: Compared): void {
  if (isDigest({ path, facts })) compared.bytes += Number(facts.sizeBytes);
  else compared.entries += 1;
}

function differenceOf(old: PlaceEntry, young: PlaceEntry): Difference | undefined {
  const names = changedFacts(old, young);
  if (names.length === 0) return undefined;
  const only = ({ facts }: PlaceEntry) => names.map((name) => `${name} ${facts[name] ?? 'none'}`).join(', ');
  return { kind: 'changed', path: pathOf(old), before: only(old), after: only(young) };
}

function changedFacts({ facts: old }: PlaceEntry, { facts: young }: PlaceEntry): string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(young)])].filter((name) => old[name] !== young[name]);
}

function inWords({ facts }: PlaceEntry): string {
  const { type = 'object', sizeBytes } = facts;
  return type === 'folder' || sizeBytes === undefined ? String(type) : `${type} of ${sizeBytes} bytes`;
}

function folderOf(path: string): string {
  return path.slice(0, path.replace(/\/$/, '').lastIndexOf('/') + 1);
}

async function* pairsOf(
  before: AsyncIterable<PlaceEntry>,
  after: AsyncIterable<PlaceEntry>,
): AsyncGenerator<[PlaceEntry | undefined, PlaceEntry | undefined]> {
  const [olds, youngs] = [before[Symbol.asyncIterator](), after[Symbol.asyncIterator]()];
  let [old, young] = [await olds.next(), await youngs.next()];
  while (!old.done || !young.done) {
    const order = old.done ? 1 : young.done ? -1 : compareBytes(old.value.path, young.value.path);
    yield [order <= 0 ? old.value : undefined, order >= 0 ? young.value : undefined];
    if (order <= 0) old = await olds.next();
    if (order >= 0) young = await youngs.next();
  }
}
