import type { Evidence } from '../model/check.ts';
import type { RpoReport, RtoReport } from '../model/result.ts';
import { promisesOf } from './drill-parts.ts';
import type { Made } from './made.ts';
import type { Run } from './run.ts';

/** What judges may look at: recorded evidence, nothing that is alive. */
export function buildEvidence({ folder, log }: Run, made: Made, rto: RtoReport, rpo: RpoReport): Evidence {
  const { opened, backedUp, struck, restored, observed, watched } = made;
  return {
    components: opened.drill.workload.components,
    struck: struckOrFound(made),
    list: (moment, component, kind) => folder.list(moment, component, kind),
    promises: promisesOf(opened.drill),
    ledger: backedUp.ledger?.entries ?? [],
    phases: log.phases,
    facts: log.facts,
    numbers: log.numbers,
    receipts: receiptsOf(made),
    absences: struck.absences,
    identities: identitiesOf(made),
    retained: backedUp.retained,
    leaks: observed.leaks,
    stored: observed.stored,
    ready: restored.ready,
    places: watched.places ?? [],
    requests: (watched.gateways ?? []).map((gateway) => gateway.seen()),
    rto,
    rpo,
  };
}

/** The receipts of the backups that were to be restored, whoever has made them. */
export function receiptsOf({ backedUp, restored }: Made): Evidence['receipts'] {
  return [...backedUp.receipts, ...restored.receipts];
}

/** Where nothing was struck, what was restored is judged as if it had been. */
function struckOrFound({ opened, struck, restored }: Made): readonly string[] {
  return opened.drill.disaster ? struck.components : restored.whole;
}

/** Of every component, what it was before and what it came back as; empty where there is none. */
function identitiesOf({ provisioned, restored }: Made): Evidence['identities'] {
  const [before, after] = [provisioned.identities, restored.identities];
  return [...new Set([...before.keys(), ...after.keys()])].map((component) => ({
    component,
    before: before.get(component) ?? '',
    after: after.get(component) ?? '',
  }));
}
