import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Receipt } from '../../../model/path.ts';
import type { SourceContext } from '../../../model/source.ts';
import type { PostgresNeeds } from '../../../model/substrate.ts';
import { type Database, World } from '../../../model/target.ts';
import type { LocalForTest } from '../../../substrates/local/testing/open-local.ts';
import { folderPlace } from '../../places/folder-place.ts';
import { seenFolder, seenSnapshot } from '../../restore/seen-folder.ts';
import { pgDumpSource } from '../pg-dump.ts';

let count = 0;

/** A dump as it was restored without an engine. */
export interface RestoredDump {
  readonly receipt: Receipt;
  readonly database: Database;
}

/** What a source gets to restore one database with. */
export function sourceContext(local: LocalForTest, room?: number): SourceContext<'postgres'> {
  const { substrate, context } = local;
  count += 1;
  const own = `d${count}`;
  return {
    component: own,
    restored: new World([]),
    choose: async (...programs) => await substrate.choose(programs),
    run: async (job) => await substrate.run(job),
    secret: (name) => context.secret(`${own}-${name}`),
    load: async (_, work) => await work(),
    aside: async (work) => await work(),
    listed: async () => {},
    vouched: async (files) => void (await Array.fromAsync(files)),
    volume: async (name) => await substrate.volume(`${own}-${name}-${Math.random().toString(36).slice(2)}`),
    folder: (path) => seenFolder(substrate, path),
    snapshot: (kept) => seenSnapshot(substrate, kept),
    target: async ({ database = 'photos' }: PostgresNeeds) => await substrate.postgres(own, database),
    ...(room !== undefined && { room }),
  };
}

/** Restores the dump in a file, or that text as one. */
export async function restoreDump(
  local: LocalForTest,
  dump: { readonly file: string } | { readonly sql: string | Uint8Array },
  room?: number,
): Promise<RestoredDump> {
  const file = 'file' in dump ? dump.file : join(local.folder, `dump-${count}.sql`);
  if ('sql' in dump) writeFileSync(file, dump.sql);
  const source = pgDumpSource(folderPlace(dirname(file)), { folder: '', file: basename(file), database: 'photos' });
  const context = sourceContext(local, room);
  let database: Database | undefined;
  const receipt = await source.restore({
    ...context,
    target: async (needs) => {
      const slot = await context.target(needs);
      return { data: slot.data, start: async () => (database = await slot.start()) };
    },
  });
  if (!database) throw new Error('no server was started');
  return { receipt, database };
}
