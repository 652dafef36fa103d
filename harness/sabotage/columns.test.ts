import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deleteClaims } from '../disasters/delete-claims.ts';
import { notes } from '../engine/testing/notes.ts';
import type { Drill } from '../model/drill.ts';
import { pgDump } from '../paths/pg-dump.ts';
import { restic } from '../paths/restic.ts';
import { volumeSnapshot } from '../paths/volume-snapshot.ts';
import { columnsOf } from './columns.ts';

const PATHS = join(import.meta.dirname, '../paths');

const DRILL: Drill = {
  name: 'notes',
  claim: 'Notes come back',
  workload: notes(),
  paths: { library: restic(), database: pgDump() },
  disaster: deleteClaims(),
};

function columns(substrate: string, paths: readonly string[] = [], drill = DRILL): string[] {
  return columnsOf(drill, { substrate, paths }).map(({ component, label }) => `${component} ${label}`);
}

it('are every way that this machine has, the own one first', () => {
  const dumps = ['pg-dump custom', 'pg-dump directory', 'pg-dump plain', 'pg-dump-tables', 'pg-basebackup'];
  const database = dumps.map((label) => `database ${label}`);
  expect(columns('local')).toEqual(['library restic', 'library s3-sync', 'library tar', ...database]);
});

it('are in a cluster the own ones and those that need it, and others only when they are asked for', () => {
  const usual = [
    ...['library restic', 'library volume-snapshot'],
    ...['database pg-dump custom', 'database volume-snapshot'],
  ];
  expect(columns('kind')).toEqual(usual);
  expect(columns('kind', ['tar'])).toEqual(usual.toSpliced(1, 0, 'library tar'));
  const snapshots: Drill = { ...DRILL, paths: { library: volumeSnapshot() } };
  expect(columns('kind', [], snapshots)).toEqual(['library volume-snapshot']);
});

it('come from the files of the paths, each of which says how it is tried unless it wraps another', async () => {
  const files = readdirSync(PATHS).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const silent: string[] = [];
  for (const file of files) if (!('inMatrix' in (await import(join(PATHS, file))))) silent.push(file);
  expect(silent).toEqual(['from-snapshot.ts']);
});
