import { UNKNOWN_VERSION } from '../../harness/model/rehearsed-version.ts';
import type { HistoryEntry } from '../history/entry.ts';
import type { RunSummary } from '../history/run-summary.ts';
import { maybeSameVersion, sameVersion } from './compare-versions.ts';

/** What tells which version was rehearsed. */
type Rehearsed = Pick<RunSummary, 'rehearsedVersion' | 'namedVersion' | 'workload'>;

/** What a drill is called whose backups a newer version is started on. */
export function rehearsalOf(drill: string): string {
  return `${drill}-upgrade`;
}

/**
 * The rehearsal that has the last word on an upgrade to a version: the last of it, or a later one that did not pass and that
 * nobody can tell was of another. Undefined when there is none.
 */
export function lastRehearsal(entries: readonly HistoryEntry[], drill: string, to: string): HistoryEntry | undefined {
  const passed: string[] = [];
  for (const entry of entries.toReversed()) {
    if (entry.drill !== rehearsalOf(drill)) continue;
    const version = versionOf(entry);
    if (hasPassed(entry)) {
      if (version === undefined) continue;
      if (sameVersion(version, to)) return entry;
      passed.push(version);
      continue;
    }
    if (!mayConcern(entry, to)) continue;
    const again = entry.namedVersion === undefined || maybeSameVersion(entry.namedVersion, version ?? '');
    if (version === undefined || !again || !passed.some((one) => sameVersion(one, version))) return entry;
  }
  return undefined;
}

/** Whether a rehearsal that did not pass may have been one of that version. */
export function mayConcern(entry: Rehearsed, to: string): boolean {
  const version = versionOf(entry);
  if (version === undefined || isItsOwn(entry, version)) return true;
  return [version, entry.namedVersion].some((one) => one !== undefined && maybeSameVersion(one, to));
}

/** Whether nobody can tell which version was rehearsed. */
export function isOfUnknownVersion(entry: Rehearsed): boolean {
  const version = versionOf(entry);
  return version === undefined || isItsOwn(entry, version);
}

/** Whether a rehearsal allows to upgrade: with a check that could not look it does not. */
export function hasPassed({ verdict, outcome, checks }: Pick<RunSummary, 'verdict' | 'outcome' | 'checks'>): boolean {
  return verdict === 'pass' && outcome === 'pass' && checks.fail === 0 && checks.unknown === 0;
}

function versionOf({ rehearsedVersion }: Rehearsed): string | undefined {
  return rehearsedVersion === UNKNOWN_VERSION || rehearsedVersion === '' ? undefined : rehearsedVersion;
}

/** Records of before servers were asked have the version that the backup is of where the newer one had not written its own yet. */
function isItsOwn({ workload, namedVersion }: Rehearsed, version: string): boolean {
  return namedVersion === undefined && sameVersion(version, workload.version);
}
