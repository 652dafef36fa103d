import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EarlierBackup } from '../../model/path.ts';
import { World } from '../../model/target.ts';
import { type LocalForTest, openLocalForTest } from '../../substrates/local/testing/open-local.ts';
import { folderPlace } from '../places/folder-place.ts';
import { pgDumpSource } from './pg-dump.ts';
import { restoreDump, sourceContext } from './testing/restore-dump.ts';

let local: LocalForTest;
let folder: string;
beforeAll(async () => {
  local = await openLocalForTest();
  folder = join(local.folder, 'nights');
  mkdirSync(folder);
});
afterAll(async () => await local?.[Symbol.asyncDispose]());

function sqlOf(rows: number): string {
  return `-- Dumped from database version 15.18
CREATE TABLE public.asset (id integer NOT NULL);
COPY public.asset (id) FROM stdin;
${Array.from({ length: rows }, (_, row) => `${row}\n`).join('')}\\.

--
-- PostgreSQL database dump complete
--
`;
}

function night(day: number, name: string, content: string | Uint8Array): void {
  const time = new Date(Date.UTC(2026, 10, day, 3));
  writeFileSync(join(folder, name), content);
  utimesSync(join(folder, name), time, time);
}

/** An archive of pg_dump in its custom format, of a table with so many rows. */
async function archive(rows: number, day: number): Promise<void> {
  const { database } = await restoreDump(local, { sql: sqlOf(rows) });
  const { host, port, user, password } = database;
  const file = join(folder, `photos-202611${day}.dump`);
  const env = { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password };
  const args = ['--format=custom', '--file', file, database.database];
  await local.substrate.run({ name: 'dump', volumes: [], steps: () => [{ program: 'pg_dump', args, env }] });
}

it('dumps from before tell their rows, whatever they are written as; what cannot be read tells none', async () => {
  await archive(7, 19);
  night(20, 'photos-20261120.sql.gz', gzipSync(sqlOf(60)));
  night(21, 'photos-20261121.sql.gz', gzipSync(sqlOf(50)).subarray(0, 60));
  night(22, 'photos-20261122.sql', sqlOf(4));
  const source = pgDumpSource(folderPlace(folder), { folder: '', file: '*', database: 'photos' });
  const { context } = local;
  const slot = (database = 'photos') => local.substrate.postgres(`restored-${context.runId}`, database);
  const receipt = await source.restore({
    ...sourceContext(local),
    target: async ({ database }) => await slot(database),
  });
  expect(receipt.id).toContain('photos-20261122.sql');
  const told = await source.afterwards?.({ ...sourceContext(local), restored: new World([]) }, receipt);
  const earlier = told?.earlier ?? [];
  const rows = earlier.map(({ file, madeAt, rows }: EarlierBackup) => [file, madeAt.slice(0, 10), rows]);
  expect(rows[0]).toEqual(['photos-20261121.sql.gz', '2026-11-21', {}]);
  expect(rows.slice(1).toSorted()).toEqual([
    ['photos-20261119.dump', '2026-11-19', { asset: 7 }],
    ['photos-20261120.sql.gz', '2026-11-20', { asset: 60 }],
  ]);
  const other = await source.afterwards?.(sourceContext(local), { ...receipt, id: 'another' });
  expect(other?.earlier).toBeUndefined();
});
