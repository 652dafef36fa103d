import type { Absence } from './disaster.ts';
import type { Moment, ObservationKind, ObservationKinds } from './manifest.ts';
import type { PathPromises, Receipt } from './path.ts';
import type { RpoReport, RtoReport } from './result.ts';
import type { Verdict } from './verdict.ts';
import type { PlaceRecord, RequestsSeen } from './watch.ts';
import type { Component, LedgerEntry } from './workload.ts';

/** One thing that a check found wrong. */
export interface Finding {
  /** The thing, by name: a path, `asset 5f0c…`, `table asset_exif`, `index clip_index`. */
  readonly subject: string;
  readonly expected: string;
  readonly actual: string;
}

/** What a check comes to. */
export interface Judgement {
  readonly verdict: Verdict;
  /** One sentence each, for people. */
  readonly expected: string;
  readonly actual: string;
  /** All that is wrong; reports show the first of them. */
  readonly findings?: readonly Finding[];
  /** How many findings there are when `findings` was cut. */
  readonly findingCount?: number;
}

/** Where a component's targets were, before and after: what proves that a restore went somewhere new. */
export interface Identities {
  readonly component: string;
  readonly before: string;
  /** Empty when it was not restored. */
  readonly after: string;
}

/** What a run recorded. Lists are undefined when they were never completely observed. */
export interface Evidence {
  readonly components: readonly Component[];
  /** Those that the disaster struck and that were restored. */
  readonly struck: readonly string[];
  list<Kind extends ObservationKind>(
    moment: Moment,
    component: string,
    kind: Kind,
  ): AsyncIterable<ObservationKinds[Kind]> | undefined;
  readonly promises: Readonly<Record<string, PathPromises>>;
  readonly ledger: readonly LedgerEntry[];
  /** ISO times of the phases' beginnings and ends, such as `record`, `strike`. */
  readonly phases: Readonly<Record<string, { readonly startedAt: string; readonly endedAt: string }>>;
  /** What was found out on the way, such as the version that wrote the data. */
  readonly facts: Readonly<Record<string, string | number>>;
  /** What was counted in what was restored, by name, such as `rows of album_asset`. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly receipts: readonly Receipt[];
  readonly absences: readonly Absence[];
  readonly identities: readonly Identities[];
  /** Backup ids that retention kept, by component; undefined when no retention ran. */
  readonly retained: Readonly<Record<string, readonly string[]>> | undefined;
  /** Names of secrets whose plain bytes were found in the bucket, by object; undefined when nobody looked. */
  readonly leaks: readonly { readonly secret: string; readonly object: string }[] | undefined;
  /** Objects of receipts, as read back from the bucket: `missing` or their SHA-256; undefined when nobody looked. */
  readonly stored: Readonly<Record<string, string>> | undefined;
  readonly ready: { readonly ready: boolean; readonly saw: string; readonly version?: string } | undefined;
  /** The places of the backups that were read from, each with its lists of before and after. */
  readonly places: readonly PlaceRecord[];
  /** What was asked of servers outside, where it could be seen. */
  readonly requests: readonly RequestsSeen[];
  readonly rto: RtoReport;
  readonly rpo: RpoReport;
}

/** A judge: a pure function from recorded evidence to a verdict. */
export interface Check {
  readonly name: string;
  /** The component that it judges; `all` when it judges the whole. */
  readonly component: string;
  /** One sentence: what it proves. */
  readonly proves: string;
  judge(evidence: Evidence): Promise<Judgement>;
}
