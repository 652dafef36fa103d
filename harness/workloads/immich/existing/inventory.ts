import { compareBytes, type InventoryLine } from '../../../model/manifest.ts';
import type { Database } from '../../../model/target.ts';
import { type Shape, shapeOf, type TableRole } from './shape.ts';

const COUNTED: readonly (readonly [string, TableRole])[] = [
  ['users', 'user'],
  ['albums', 'album'],
  ['photos in albums', 'albumAsset'],
  ['faces', 'face'],
  ['stacks', 'stack'],
  ['tags', 'tag'],
  ['memories', 'memory'],
  ['shared links', 'link'],
  ['external libraries', 'library'],
];

/** Numbers that people know of their library, sorted by label; they are counted in any layout that is known. */
export async function inventoryFound(database: Database): Promise<InventoryLine[]> {
  const shape = await shapeOf(database);
  const lines = await database.query<InventoryLine>(queries(shape).join(' UNION ALL '));
  return lines.map(({ label, count }) => ({ label, count })).sort((a, b) => compareBytes(a.label, b.label));
}

function queries(shape: Shape): string[] {
  const count = (label: string, from: string) => `SELECT '${label}' AS label, count(*)::int AS count FROM ${from}`;
  const asset = shape.table('asset');
  const trashed = `${asset} WHERE "deletedAt" IS NOT NULL`;
  const ofUsers = ['IMAGE', 'VIDEO'].map(
    (type) => `SELECT '${type === 'IMAGE' ? 'photos' : 'videos'} of ' || u.email AS label, count(a.*)::int AS count
      FROM ${shape.table('user')} u LEFT JOIN ${asset} a ON a."ownerId" = u.id AND a.type = '${type}' AND a."deletedAt" IS NULL GROUP BY u.email`,
  );
  return [
    ...ofUsers,
    count('assets', asset),
    count('assets in the trash', trashed),
    count('external assets', `${asset} WHERE "isExternal"`),
    ...(shape.hasTable('person') ? [count('people', 'person')] : []),
    ...COUNTED.filter(([, role]) => shape.has(role)).map(([label, role]) => count(label, shape.table(role))),
  ];
}
