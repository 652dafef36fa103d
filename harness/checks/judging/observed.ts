import type { Evidence } from '../../model/check.ts';
import type { Moment, ObservationKind, ObservationKinds } from '../../model/manifest.ts';
import type { Tally } from './tally.ts';

const WHEN: Readonly<Record<Moment, string>> = { before: 'before the backup', after: 'after the restore' };

/** The list of one moment; a gap, and undefined, when it was not completely observed. */
export function observed<Kind extends ObservationKind>(
  evidence: Evidence,
  tally: Tally,
  moment: Moment,
  component: string,
  kind: Kind,
): AsyncIterable<ObservationKinds[Kind]> | undefined {
  const list = evidence.list(moment, component, kind);
  if (!list) tally.gap(`the ${kind} of ${component} were not completely observed ${WHEN[moment]}`);
  return list;
}

/** The lists of both moments; undefined, with every gap noted, when one of them is missing. */
export function observedTwice<Kind extends ObservationKind>(
  evidence: Evidence,
  tally: Tally,
  component: string,
  kind: Kind,
):
  | { readonly before: AsyncIterable<ObservationKinds[Kind]>; readonly after: AsyncIterable<ObservationKinds[Kind]> }
  | undefined {
  const before = observed(evidence, tally, 'before', component, kind);
  const after = observed(evidence, tally, 'after', component, kind);
  return before && after ? { before, after } : undefined;
}
