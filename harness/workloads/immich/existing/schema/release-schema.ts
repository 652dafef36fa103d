import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MIGRATIONS } from '../../migrations.ts';
import type { NeededObjects } from './needed-objects.ts';

/** A release whose schema is known, as a database of it was made by its own migrations, and the last of those. */
interface KnownRelease {
  readonly release: string;
  readonly lastMigration: string;
}

/** In the order of their migrations. The files beside this one are written by the test of this one. */
export const KNOWN_RELEASES: readonly KnownRelease[] = [
  { release: 'v2.7', lastMigration: '1775165531374-AddPersonNameTrigramIndex' },
  { release: 'v3.1', lastMigration: '1784836013770-MinFacePreferenceMigration' },
];

/** What a database must have, by what it says of its migrations. */
export interface ReleaseSchema {
  /** In words, such as `v3.1`, or `what v2.7 and v3.1 have in common`. */
  readonly name: string;
  readonly objects: NeededObjects;
}

/**
 * The schema of a database that has recorded those migrations: that of the release when they are the same, and between two
 * releases what both have in common. Undefined for what is older or newer than all that is known.
 */
export function releaseSchemaOf(recorded: ReadonlySet<string>): ReleaseSchema | undefined {
  if ([...recorded].some((name) => !MIGRATIONS.includes(name))) return undefined;
  const at = MIGRATIONS.findLastIndex((name) => recorded.has(name));
  const rank = (one: KnownRelease) => MIGRATIONS.indexOf(one.lastMigration);
  const same = KNOWN_RELEASES.find((one) => rank(one) === at);
  if (same) return { name: same.release, objects: readRelease(same.release) };
  const [below, above] = [
    KNOWN_RELEASES.findLast((one) => rank(one) < at),
    KNOWN_RELEASES.find((one) => rank(one) > at),
  ];
  if (!below || !above) return undefined;
  return {
    name: `what ${below.release} and ${above.release} have in common`,
    objects: common(readRelease(below.release), readRelease(above.release)),
  };
}

/** The file that holds the schema of a release. */
export function releaseFile(release: string): string {
  return join(import.meta.dirname, `${release}.json`);
}

function readRelease(release: string): NeededObjects {
  return JSON.parse(readFileSync(releaseFile(release), 'utf8')) as NeededObjects;
}

function common(one: NeededObjects, other: NeededObjects): NeededObjects {
  return Object.fromEntries(Object.entries(one).filter(([id, definition]) => other[id] === definition));
}
