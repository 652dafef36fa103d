import type { BackupCopy } from '../../../../../existing/sabotage/own-sabotage.ts';

/** Whether there is SQL to change, or why not. */
export function fitsSql({ dump }: BackupCopy): true | string {
  if (!dump) return 'the database is no dump';
  if (!dump.sql) return 'the dump is an archive of pg_dump, whose parts are not taken out one by one';
  return dump.sql.rows.size > 0 || 'the dump holds no rows as SQL';
}

/** How the dump writes the name of a table that Immich calls by one of these; undefined when it holds no row of it. */
export function tableIn({ dump }: BackupCopy, names: readonly string[]): string | undefined {
  const written = names.flatMap((name) => [`public.${name}`, `public."${name}"`]);
  return written.find((name) => (dump?.sql?.rows.get(name) ?? 0) > 0);
}
