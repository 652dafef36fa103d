import type { OpeningContext } from './source.ts';

/** What follows a file's path where an entry tells of its bytes; no path holds a NUL. */
const DIGEST = '\0sha256';

/** One thing in a place where backups lie, as the harness itself found it there: an entry of a folder, an object, a version. */
export interface PlaceEntry {
  /** Relative to the place, which itself is the empty path; folders end in `/`. */
  readonly path: string;
  /** What was seen of it, all of which must be the same when it is seen again. */
  readonly facts: Readonly<Record<string, string | number>>;
}

/** One way to list a place. */
export interface WayToList {
  /** Who lists it: `the harness`, or the tool that must do it where there is no other way. */
  readonly by: string;
  /** What this way cannot see, for the report. */
  readonly blind?: string;
  /** Everything in the place, in no order; it only reads. */
  list(context: OpeningContext): AsyncIterable<PlaceEntry>;
}

/** A place that a drill reads from, to be listed before and after by somebody else than the tools that restore. */
export interface WatchedPlace {
  /** What people call it: a folder, `s3://photos/immich`, a repository. */
  readonly id: string;
  /** The folder of this machine that it is, where it is one. */
  readonly folder?: string;
  /** The URL of its server, where that is known; what is not http cannot be looked into on the way. */
  readonly server?: string;
  /** Where that server is, as `nas:9000`. */
  readonly at?: string;
  /** Who writes to it while it is drilled, such as `a running Immich`; a backup is nobody's to write to. */
  readonly inUse?: string;
  /** The best first: the first that works is used, before and after. */
  readonly ways: readonly WayToList[];
  /** What keeps everybody on this machine from writing to it, such as `mounted read-only`. */
  guard?(): Promise<string | undefined>;
}

/** What became of watching one place. */
export interface PlaceRecord {
  readonly id: string;
  /** Under which name its lists are among the evidence. */
  readonly evidence: string;
  /** Who listed it, and what that could not see. */
  readonly by?: string;
  readonly blind?: string;
  /** What kept this drill from writing to it, whatever its tools tried. */
  readonly guard?: string;
  /** Who writes to it while it is drilled. */
  readonly inUse?: string;
  /** Why it was not listed, before or again. */
  readonly trouble?: string;
}

/** What went through the gateway of a run to one server outside. */
export interface RequestsSeen {
  /** `http://nas:9000`. */
  readonly to: string;
  /** How many requests there were of each method. */
  readonly methods: Readonly<Record<string, number>>;
  /** What was not let through, as `PUT /photos/a`: the first of them. */
  readonly refused: readonly string[];
  readonly refusedCount: number;
}

/** What becomes of a file's bytes in a listing. */
export function digestEntry(path: string, sizeBytes: number, sha256: string): PlaceEntry {
  return { path: `${path}${DIGEST}`, facts: { sizeBytes, sha256 } };
}

/** Whether an entry tells of bytes: not every file has one, and the same files need not have one each time. */
export function isDigest({ path }: PlaceEntry): boolean {
  return path.endsWith(DIGEST);
}

/** The file that an entry tells of. */
export function pathOf({ path }: PlaceEntry): string {
  return path.replace(DIGEST, '');
}

/** A server of the run in front of one outside, through which tools can read from it and do nothing else. */
export interface ReadOnlyGateway extends AsyncDisposable {
  readonly url: string;
  /** What it is in front of: `http://nas:9000`. */
  readonly to: string;
  seen(): RequestsSeen;
}
