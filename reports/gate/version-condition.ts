import { formatMoment } from '../digest/quantities.ts';
import type { HistoryEntry } from '../history/entry.ts';
import type { VerifiedHistory } from '../history/verify.ts';
import type { GateCondition, GateDemands } from './judge-gate.ts';

/** What a rehearsed upgrade is called after its drill. */
const REHEARSED = '-upgrade';
const VERSION = /^v?(\d+(?:\.\d+)*)(.*)$/i;

/** Whether the run tested what is installed now, and whether the upgrade that waits goes up from there. */
export function versionCondition(
  { workload, run }: HistoryEntry,
  { drill, installedVersion, toVersion }: Pick<GateDemands, 'drill' | 'installedVersion' | 'toVersion'>,
  { entries }: Pick<VerifiedHistory, 'entries'>,
): GateCondition {
  const tested = `${workload.name} ${workload.version}`;
  if (installedVersion !== undefined && !sameVersion(workload.version, installedVersion)) {
    const says = `${run.id} tested ${tested}, but ${installedVersion} is installed`;
    return { name: 'version', met: false, code: 'version-other', says };
  }
  if (toVersion !== undefined && isBelow(toVersion, workload.version)) {
    const says = `${toVersion} is older than ${tested}, which was tested ${formatMoment(run.endedAt)}: its data cannot be taken back`;
    return { name: 'version', met: false, code: 'version-downgrade', says };
  }
  const rehearsal = toVersion === undefined ? undefined : lastRehearsal(entries, drill, toVersion);
  if (rehearsal?.verdict === 'fail') {
    const says = `the upgrade to ${toVersion} was rehearsed ${formatMoment(rehearsal.run.endedAt)}, and failed (${rehearsal.run.id})`;
    return { name: 'version', met: false, code: 'rehearsal-failed', says };
  }
  if (installedVersion === undefined && toVersion === undefined)
    return { name: 'version', met: null, code: '', says: `${tested} was tested; no installed version was given` };
  const source = installedVersion === undefined ? ', taken from the run for what is installed' : ' is installed';
  const rehearsed = rehearsal ? `, rehearsed ${formatMoment(rehearsal.run.endedAt)}: ${rehearsal.verdict}` : '';
  const to = toVersion === undefined ? '' : `, to ${toVersion}${rehearsed}`;
  return { name: 'version', met: true, code: '', says: `${tested}${source}${to}` };
}

/** The last time that a newer version was started on the same backups. */
function lastRehearsal(entries: readonly HistoryEntry[], drill: string, to: string): HistoryEntry | undefined {
  return entries.findLast(
    ({ drill: name, rehearsedVersion }) =>
      name === `${drill}${REHEARSED}` && rehearsedVersion !== undefined && sameVersion(rehearsedVersion, to),
  );
}

/** Whether two names of versions mean the same: `v3.1.0` and `3.1.0` do. */
export function sameVersion(one: string, other: string): boolean {
  return bare(one) === bare(other);
}

/** Whether a version is older than another; what has no numbers is not. */
function isBelow(one: string, other: string): boolean {
  const [left, right] = [numbersOf(one), numbersOf(other)];
  if (!left || !right) return false;
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const step = (left[index] ?? 0) - (right[index] ?? 0);
    if (step !== 0) return step < 0;
  }
  return false;
}

function numbersOf(version: string): number[] | undefined {
  return VERSION.exec(version.trim())?.[1]?.split('.').map(Number);
}

function bare(version: string): string {
  return version.trim().replace(/^v(?=\d)/i, '');
}
