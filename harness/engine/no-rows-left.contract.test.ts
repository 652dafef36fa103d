import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLocal } from '../cli/open-substrate.ts';
import { publish } from '../cli/publish.ts';
import type { BackupPath } from '../model/path.ts';
import type { Workload } from '../model/workload.ts';
import { pgDump } from '../paths/pg-dump.ts';
import { tar } from '../paths/tar.ts';
import { runDrill } from './engine.ts';
import { notes } from './testing/notes.ts';
import { smallDrill } from './testing/run-for-test.ts';

const MARK = 'MARKED-HASH-OF-A-PASSWORD';

/** A library with a row and a file that nobody may ever read in a log. */
function marked(): Workload {
  const plain = notes();
  return {
    ...plain,
    resized: () => marked(),
    seed: async (world, progress) => {
      const seeded = await plain.seed(world, progress);
      await world.database('database').query(`UPDATE note SET body = '${MARK}' WHERE id = 1`);
      await world.volume('library').write('cache/secret.txt', Buffer.from(MARK));
      return seeded;
    },
  } as Workload;
}

const dump = pgDump();
/** Something stands in the new database already, so that the rows are refused by their own key and quoted in the error. */
const refused: BackupPath<'postgres'> = {
  ...dump,
  restore: async (context) => {
    const database = await context.target.start();
    await database.query(
      `CREATE TABLE note (id int PRIMARY KEY, path text, sha1 text, body text CHECK (body NOT LIKE 'MARKED%'))`,
    );
    await dump.restore(context);
  },
};

it.each([
  ['healthy', dump],
  ['failing', refused],
])('a %s run leaves no byte of a row or a file in anything that it writes', async (_, database) => {
  const folder = mkdtempSync(join(tmpdir(), 'drill-rows-'));
  process.env.DRILL_STATE = join(folder, 'state');
  try {
    const drill = smallDrill({ workload: marked(), paths: { library: tar(), database } });
    const result = await runDrill(drill, {
      ...{ runsFolder: join(folder, 'runs'), keep: 'never', signal: new AbortController().signal },
      listener: { phaseStarted: () => {}, phaseEnded: () => {}, step: () => {} },
      openSubstrate: openLocal({ s3: 'versitygw', onNote: () => {} }),
    });
    await publish(result);
    if (database === refused) expect(result.verdict).toBe('fail');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    expect(files.length).toBeGreaterThan(10);
    for (const { parentPath, name } of files)
      expect(readFileSync(join(parentPath, name), 'latin1'), join(parentPath, name)).not.toContain(MARK);
  } finally {
    delete process.env.DRILL_STATE;
    rmSync(folder, { recursive: true, force: true });
  }
});
