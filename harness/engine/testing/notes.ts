import { createHash } from 'node:crypto';
import { backupSet } from '../../checks/backup-set.ts';
import { canaries } from '../../checks/canaries.ts';
import { fileAttributes } from '../../checks/file-attributes.ts';
import { files } from '../../checks/files.ts';
import { filesToRows } from '../../checks/files-to-rows.ts';
import { gone } from '../../checks/gone.ts';
import { identity } from '../../checks/identity.ts';
import { inventory } from '../../checks/inventory.ts';
import { objectives } from '../../checks/objectives.ts';
import { ready } from '../../checks/ready.ts';
import { rows } from '../../checks/rows.ts';
import { rowsToFiles } from '../../checks/rows-to-files.ts';
import { schema } from '../../checks/schema.ts';
import { secretsSealed } from '../../checks/secrets-sealed.ts';
import type { Database, Volume, World } from '../../model/target.ts';
import type { Scale, Workload } from '../../model/workload.ts';

const SCHEMA = `CREATE TABLE note (id int PRIMARY KEY, path text NOT NULL UNIQUE, sha1 text NOT NULL, body text);
  CREATE TABLE tag (note_id int REFERENCES note(id) ON DELETE CASCADE, name text, PRIMARY KEY (note_id, name));
  CREATE INDEX note_body_idx ON note (body);`;

const FILE_BYTES = 8192;

/** The smallest workload that has all that the engine asks for: notes in a database, each with a file. */
export function notes(scale: Partial<Scale> = {}): Workload {
  const { assets: count = 20, seed = 1 } = scale;
  const full: Scale = { assets: count, seed };
  return {
    name: 'notes',
    version: 'v1.0.0',
    scale: full,
    components: [
      { name: 'library', kind: 'volume', title: 'Files', regenerable: ['cache'] },
      { name: 'database', kind: 'postgres', title: 'Notes', regenerable: [] },
    ],
    scaleOptions: [
      { name: 'assets', help: 'notes, each with a file', least: 1 },
      { name: 'seed', help: 'the same number gives the same notes', least: 0 },
    ],
    counted: 'assets',
    smallest: { assets: 24 },
    backupOrder: ['database', 'library'],
    restoreOrder: ['library', 'database'],
    checks: [
      ...[files('library'), fileAttributes('library'), rows('database'), schema('database'), inventory('database')],
      ...[rowsToFiles('database'), filesToRows('database', 'library'), canaries(), gone(), identity()],
      ...[backupSet(), secretsSealed(), ready(), objectives()],
    ],
    resized: (change) => notes({ ...full, ...change }),
    estimate: () => ({ sizeBytes: count * FILE_BYTES, files: count }),
    seed: async (world) => {
      const database = world.database('database');
      await database.query(SCHEMA);
      for (let i = 1; i <= count; i += 1) await writeNote(world.volume('library'), database, i, `${seed}/${i}`);
      await world.volume('library').write('cache/thumb.webp', Buffer.from('thumb'));
      return { facts: { notes: count }, notTested: [] };
    },
    write: async (world, sequence) => {
      const id = 1_000_000 + sequence;
      const path = await writeNote(world.volume('library'), world.database('database'), id, `live ${sequence}`);
      return [
        { component: 'library', key: path },
        { component: 'database', key: `note/${id}` },
        { component: 'database', key: `tag/${id}/new` },
      ];
    },
    references: async function* (world: World) {
      for (const { id, path, sha1 } of await world
        .database('database')
        .query<{ id: number; path: string; sha1: string }>(`SELECT * FROM note ORDER BY path COLLATE "C"`))
        yield { path, component: 'library', owner: `note ${id}`, sha1, sizeBytes: -1, regenerable: false };
    },
    inventory: async (world) => {
      const [row] = await world
        .database('database')
        .query<{ count: number }>('SELECT count(*)::int AS count FROM note');
      return [{ label: 'notes', count: row?.count ?? 0 }];
    },
    ready: async (world) => {
      const [row] = await world
        .database('database')
        .query<{ path: string }>('SELECT path FROM note ORDER BY id LIMIT 1');
      return {
        ready: row !== undefined && (await world.volume('library').has(row.path)),
        saw: `the first note is ${row?.path}`,
      };
    },
  };
}

async function writeNote(library: Volume, database: Database, id: number, text: string): Promise<string> {
  const bytes = Buffer.alloc(FILE_BYTES, `${text} `);
  const path = `upload/${String(id % 10)}/${id}.txt`;
  await library.write(path, bytes, { mode: 0o640, mtimeMs: 1_700_000_000_000 + id });
  const sha1 = createHash('sha1').update(bytes).digest('hex');
  await database.query('INSERT INTO note VALUES ($1, $2, $3, $4)', [id, path, sha1, text]);
  await database.query(`INSERT INTO tag VALUES ($1, 'new')`, [id]);
  return path;
}
