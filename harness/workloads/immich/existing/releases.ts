import { MIGRATIONS } from '../migrations.ts';

/** The last migration of releases that are known: every database of one has all up to it, in this order. */
const LAST: readonly (readonly [string, string])[] = [
  ['v1.132', '1744910873969-InitialMigration'],
  ['v1.136', '1752267649968-StandardizeNames'],
  ['v2.3', '1761755618862-FixColumnNames'],
  ['v2.4', '1764698859174-SidecarInAssetFile'],
  ['v2.7', '1775165531374-AddPersonNameTrigramIndex'],
  ['v3.1', '1784836013770-MinFacePreferenceMigration'],
];

/** What the migrations that a database has recorded come to. */
export interface MigrationReport {
  /** Known migrations before the last recorded one that are not recorded themselves. */
  readonly holes: string[];
  /** Recorded ones that this product does not know: of a newer release. */
  readonly strangers: string[];
  /** Known ones that the database's version should have and does not. */
  readonly missing: string[];
}

/** Compares recorded migrations with those that are known, and with those that its version is known to have. */
export function compareMigrations(recorded: Iterable<string>, version: string): MigrationReport {
  const seen = new Set(recorded);
  const lastSeen = MIGRATIONS.findLastIndex((name) => seen.has(name));
  const known = new Set(MIGRATIONS);
  const wanted = MIGRATIONS.slice(0, MIGRATIONS.indexOf(lastOf(version)) + 1);
  return {
    holes: MIGRATIONS.slice(0, lastSeen + 1).filter((name) => !seen.has(name)),
    strangers: [...seen].filter((name) => !known.has(name)),
    missing: wanted.filter((name) => !seen.has(name)),
  };
}

/** The last migration that is known to be in a release at least as old as the version; empty when there is none. */
function lastOf(version: string): string {
  const rank = rankOf(version);
  return LAST.findLast(([release]) => rankOf(release) <= rank)?.[1] ?? '';
}

function rankOf(version: string): number {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major ?? -1) * 1_000 + Number(minor ?? 0);
}

/** Whether all migrations of that version are known here: it is no newer than the last release that is. */
export function isKnown(version: string): boolean {
  const [newest] = LAST.at(-1) ?? [''];
  return rankOf(version) >= 0 && rankOf(version) <= rankOf(newest);
}
