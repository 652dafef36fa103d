import type { Evidence } from '../../model/check.ts';
import { compareBytes, type Moment, type ObservationKind, type ObservationKinds } from '../../model/manifest.ts';
import type { RpoReport, RtoReport } from '../../model/result.ts';

const NO_RTO: RtoReport = {
  seconds: null,
  objectiveSeconds: null,
  phases: { provision: 0, fetch: 0, load: 0, ready: 0 },
  components: {},
};
const NO_RPO: RpoReport = { seconds: null, objectiveSeconds: null, components: {} };

const EMPTY: Omit<Evidence, 'list'> = {
  components: [],
  struck: [],
  promises: {},
  ledger: [],
  phases: {},
  facts: {},
  numbers: {},
  receipts: [],
  absences: [],
  identities: [],
  retained: undefined,
  leaks: undefined,
  stored: undefined,
  ready: undefined,
  places: [],
  requests: [],
  rto: NO_RTO,
  rpo: NO_RPO,
};

const KEYS: { readonly [Kind in ObservationKind]: (item: ObservationKinds[Kind]) => string } = {
  files: (file) => file.path,
  rows: (row) => `${row.table}\0${row.key}`,
  schema: (object) => object.id,
  references: (reference) => reference.path,
  inventory: (line) => line.label,
  keys: (key) => key.key,
  objects: (object) => object.key,
  sightings: (sighting) => sighting.id,
  resources: (resource) => resource.id,
  listed: (file) => file.path,
  vouched: (file) => file.path,
  place: (entry) => entry.path,
};

/** Evidence in memory, for tests of checks: starts with nothing observed, and takes on what it is given. */
export class EvidenceBuilder {
  readonly #lists = new Map<string, readonly unknown[]>();
  #parts: Omit<Evidence, 'list'> = EMPTY;

  /** Replaces parts of the evidence other than lists. */
  with(parts: Partial<Omit<Evidence, 'list'>>): this {
    this.#parts = { ...this.#parts, ...parts };
    return this;
  }

  /** Sets a list, in any order; it is sorted as evidence is. */
  list<Kind extends ObservationKind>(
    moment: Moment,
    component: string,
    kind: Kind,
    items: readonly ObservationKinds[Kind][],
  ): this {
    const sorted = items.toSorted((a, b) => compareBytes(KEYS[kind](a), KEYS[kind](b)));
    this.#lists.set(nameOf(moment, component, kind), sorted);
    return this;
  }

  /** Sets a list of both moments. */
  both<Kind extends ObservationKind>(component: string, kind: Kind, items: readonly ObservationKinds[Kind][]): this {
    return this.list('before', component, kind, items).list('after', component, kind, items);
  }

  /** Changes a list that was set before. */
  change<Kind extends ObservationKind>(
    moment: Moment,
    component: string,
    kind: Kind,
    change: (items: readonly ObservationKinds[Kind][]) => readonly ObservationKinds[Kind][],
  ): this {
    const items = this.#lists.get(nameOf(moment, component, kind)) ?? [];
    return this.list(moment, component, kind, change(items as readonly ObservationKinds[Kind][]));
  }

  /** Makes a list one that was never completely observed. */
  forget(moment: Moment, component: string, kind: ObservationKind): this {
    this.#lists.delete(nameOf(moment, component, kind));
    return this;
  }

  build(): Evidence {
    const lists = new Map(this.#lists);
    return {
      ...this.#parts,
      list: <Kind extends ObservationKind>(moment: Moment, component: string, kind: Kind) => {
        const items = lists.get(nameOf(moment, component, kind));
        return items && streamed(items as readonly ObservationKinds[Kind][]);
      },
    };
  }
}

/** A list as a stream, as evidence gives it. */
export async function* streamed<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}

function nameOf(moment: Moment, component: string, kind: ObservationKind): string {
  return `${moment} ${component} ${kind}`;
}
