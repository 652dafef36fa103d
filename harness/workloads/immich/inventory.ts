import { compareBytes, type InventoryLine } from '../../model/manifest.ts';
import type { Database } from '../../model/target.ts';

/** What is counted for each user; photos and videos as the server's own statistics count them. */
const PER_USER: Readonly<Record<string, string>> = {
  photos: `type = 'IMAGE' AND visibility <> 'hidden' AND "deletedAt" IS NULL`,
  videos: `type = 'VIDEO' AND visibility <> 'hidden' AND "deletedAt" IS NULL`,
  trashed: `status = 'trashed'`,
  archived: `visibility = 'archive' AND "deletedAt" IS NULL`,
  favourites: `"isFavorite" AND "deletedAt" IS NULL`,
};

const TABLES: Readonly<Record<string, string>> = {
  albums: 'album WHERE "deletedAt" IS NULL',
  'album members': 'album_user',
  'photos in albums': 'album_asset',
  people: 'person',
  faces: 'asset_face WHERE "deletedAt" IS NULL',
  tags: 'tag',
  stacks: 'stack',
  'shared links': 'shared_link',
  'API keys': 'api_key',
  sessions: 'session',
  memories: 'memory',
  users: '"user"',
};

const QUERY = [
  ...Object.entries(PER_USER).map(
    ([name, condition]) =>
      `SELECT '${name} of ' || u.email AS label, count(a.*)::int AS count
       FROM "user" u LEFT JOIN (SELECT "ownerId" FROM asset WHERE ${condition}) a ON a."ownerId" = u.id GROUP BY u.email`,
  ),
  ...Object.entries(TABLES).map(([name, table]) => `SELECT '${name}' AS label, count(*)::int AS count FROM ${table}`),
].join(' UNION ALL ');

/** Numbers that people know of their library, sorted by label. */
export async function inventoryOf(database: Database): Promise<InventoryLine[]> {
  const lines = await database.query<InventoryLine>(QUERY);
  return lines.map(({ label, count }) => ({ label, count })).sort((a, b) => compareBytes(a.label, b.label));
}
