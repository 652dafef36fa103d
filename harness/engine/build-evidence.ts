import type { Evidence } from '../model/check.ts';
import type { RpoReport, RtoReport } from '../model/result.ts';
import { type AnyRunState, promisesOf } from './run-state.ts';

/** What judges may look at: recorded evidence, nothing that is alive. */
export function buildEvidence(state: AnyRunState, rto: RtoReport, rpo: RpoReport): Evidence {
  return {
    components: state.drill.workload.components,
    struck: state.struck,
    list: (moment, component, kind) => state.folder.list(moment, component, kind),
    promises: promisesOf(state.drill),
    ledger: state.ledger?.entries ?? [],
    phases: state.phases,
    facts: state.facts,
    receipts: state.receipts,
    absences: state.absences,
    identities: state.identities,
    retained: state.retained,
    leaks: state.leaks,
    stored: state.stored,
    ready: state.ready,
    places: state.places ?? [],
    requests: (state.gateways ?? []).map((gateway) => gateway.seen()),
    rto,
    rpo,
  };
}
