import { kindOf } from '../kinds/kinds.ts';
import type { Check, Evidence, Judgement } from '../model/check.ts';
import type { Component, LedgerEntry } from '../model/workload.ts';
import { ledgerZones, type Zone } from './judging/ledger-zones.ts';
import { keysIn } from './judging/moving-marks.ts';
import { type SurvivingMarks, survivingMarks } from './judging/surviving-marks.ts';
import { Tally } from './judging/tally.ts';

/** One write as it stands in one component after the restore. */
interface Canary {
  readonly entry: LedgerEntry;
  readonly zone: Zone;
  readonly present: readonly string[];
  readonly missing: readonly string[];
}

/** Judges both sides of the backup: writes before it are present, writes after it are absent, none is lost in between. */
export function canaries(): Check {
  return {
    name: 'canaries',
    component: 'all',
    proves: 'What was written before the backup is present, and what was written after it is absent.',
    judge: judgeCanaries,
  };
}

async function judgeCanaries(evidence: Evidence): Promise<Judgement> {
  const tally = new Tally();
  const seen: string[] = [];
  for (const component of evidence.components) {
    const marks = await survivingMarks(evidence, tally, component);
    if (!marks || marks.wanted.size === 0) continue;
    const all = canariesOf(evidence, component, marks);
    for (const canary of all) judgeCanary(tally, component.name, canary);
    if (kindOf(component).isSeenAtOnce) judgeHoles(tally, component.name, all);
    seen.push(bothSides(evidence, tally, component.name, all));
  }
  if (seen.length === 0) tally.gap('no write of the ledger could be looked up');
  return tally.judgement('writes before the backup present, writes after it absent', seen.join('; '));
}

function canariesOf(evidence: Evidence, component: Component, marks: SurvivingMarks): Canary[] {
  const zone = ledgerZones(evidence, component.name);
  const all: Canary[] = [];
  for (const entry of evidence.ledger.toSorted((a, b) => a.sequence - b.sequence)) {
    const keys = keysIn(entry, component.name).filter((key) => marks.wanted.has(key));
    if (keys.length === 0) continue;
    const present = keys.filter((key) => marks.present.has(key));
    all.push({ entry, zone: zone(entry), present, missing: keys.filter((key) => !marks.present.has(key)) });
  }
  return all;
}

function judgeCanary(tally: Tally, component: string, { entry, zone, present, missing }: Canary): void {
  if (zone === 'before' || zone === 'alive') {
    const when = zone === 'before' ? 'before the backup began' : 'to what was never struck';
    for (const key of missing) tally.wrong(subject(component, entry, key), `present: written ${when}`, 'missing');
  }
  if (zone === 'after') {
    const words = 'present: it did not come from the backup';
    for (const key of present) tally.wrong(subject(component, entry, key), 'absent: written after the backup', words);
  }
}

/** While a backup runs a write may be in it or not, but a backup of one moment cannot skip one and have the next. */
function judgeHoles(tally: Tally, component: string, all: readonly Canary[]): void {
  const during = all.filter(({ zone }) => zone === 'during');
  const lastWhole = during.findLastIndex(({ missing }) => missing.length === 0);
  for (const { entry, missing } of during.slice(0, Math.max(lastWhole, 0))) {
    const words = 'missing: the backup does not hold one moment in time';
    for (const key of missing) tally.wrong(subject(component, entry, key), 'present: a later write is', words);
  }
}

/** Says what was seen; notes a gap where one side of the backup has no write, so that nothing proves that side. */
function bothSides(evidence: Evidence, tally: Tally, component: string, all: readonly Canary[]): string {
  const inZone = (zone: Zone): number => all.filter((canary) => canary.zone === zone).length;
  if (!evidence.struck.includes(component)) return `${component} was not struck: ${inZone('alive')} writes due`;
  if (inZone('unplaced') > 0) tally.gap(`no receipt says when the backup of ${component} was made`);
  else {
    if (inZone('before') === 0) tally.gap(`nothing was written before the backup of ${component}`);
    if (inZone('after') === 0) tally.gap(`nothing was written after the backup of ${component}`);
  }
  return `${component}: ${inZone('before')} writes before its backup, ${inZone('during')} during, ${inZone('after')} after`;
}

function subject(component: string, entry: LedgerEntry, key: string): string {
  return `${component}: ${key} (write ${entry.sequence} at ${entry.writtenAt})`;
}
