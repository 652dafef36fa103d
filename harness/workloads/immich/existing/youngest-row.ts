import type { Database } from '../../../model/target.ts';
import { identifier } from './numbers.ts';
import type { Shape } from './shape.ts';

/** What a living Immich writes to by itself or with every use. */
const WRITTEN_TO: readonly (readonly [string, string])[] = [
  ['session', 'updatedAt'],
  ['sessions', 'updatedAt'],
  ['version_history', 'createdAt'],
  ['memory', 'createdAt'],
  ['memories', 'createdAt'],
  ['asset', 'updatedAt'],
  ['assets', 'updatedAt'],
  ['user', 'updatedAt'],
  ['users', 'updatedAt'],
  ['notification', 'createdAt'],
  ['album', 'updatedAt'],
  ['albums', 'updatedAt'],
];

/** When the youngest row was written, as an ISO time: what tells how old a dump is whose file is of another time; empty when none tells. */
export async function youngestRow(database: Database, shape: Shape): Promise<string> {
  const queries = WRITTEN_TO.filter(([table, column]) => shape.hasTable(table, column)).map(
    ([table, column]) => `SELECT max(${identifier(column)}) AS at FROM public.${identifier(table)}`,
  );
  if (queries.length === 0) return '';
  const [row] = await database.query<{ at: Date | null }>(
    `SELECT max(at) AS at FROM (${queries.join(' UNION ALL ')}) times`,
  );
  return row?.at ? row.at.toISOString() : '';
}
