import { formatMoment } from '../digest/quantities.ts';
import type { HistoryEntry } from '../history/entry.ts';
import type { VerifiedHistory } from '../history/verify.ts';
import { isBelow, sameVersion } from './compare-versions.ts';
import type { GateCondition, GateDemands } from './judge-gate.ts';
import { hasPassed, isOfUnknownVersion, lastRehearsal } from './last-rehearsal.ts';

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
  const refused = rehearsal && refusal(rehearsal, toVersion ?? '');
  if (refused) return refused;
  if (installedVersion === undefined && toVersion === undefined)
    return { name: 'version', met: null, code: '', says: `${tested} was tested; no installed version was given` };
  const source = installedVersion === undefined ? ', taken from the run for what is installed' : ' is installed';
  const rehearsed = rehearsal
    ? `, rehearsed ${formatMoment(rehearsal.run.endedAt)} (${rehearsal.run.id}): ${rehearsal.verdict}`
    : '';
  const to = toVersion === undefined ? '' : `, to ${toVersion}${rehearsed}`;
  return { name: 'version', met: true, code: '', says: `${tested}${source}${to}` };
}

/** What the rehearsal says that has the last word on the upgrade, where it does not allow it. */
function refusal(rehearsal: HistoryEntry, to: string): GateCondition | undefined {
  if (hasPassed(rehearsal)) return undefined;
  const { verdict, checks, run } = rehearsal;
  const failed = verdict === 'fail' || checks.fail > 0;
  const what = isOfUnknownVersion(rehearsal) ? 'an upgrade to a version that is not known' : `the upgrade to ${to}`;
  const came = failed ? 'and failed' : 'and it could not be verified that it keeps everything';
  const says = `${what} was rehearsed ${formatMoment(run.endedAt)}, ${came} (${run.id})`;
  return { name: 'version', met: false, code: failed ? 'rehearsal-failed' : 'rehearsal-unknown', says };
}
