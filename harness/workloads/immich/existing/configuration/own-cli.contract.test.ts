import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Workplace } from '../../../../cli/testing/workplace.ts';

it('says what is wrong with a configuration with exit code 64, and starts nothing', async () => {
  using place = new Workplace();
  const config = (yaml: string) => {
    writeFileSync(join(place.folder, 'drills.config.yaml'), yaml);
    return ['run', 'mine', '--config', 'drills.config.yaml'];
  };
  const backup = join(place.folder, 'backup');
  mkdirSync(backup);
  const mine = (database: string) => `drills: { mine: { workload: immich, database: ${database} } }`;

  const wrong = await place.run(config(mine('{ folder: relative, dumpp: x }')));
  expect(wrong.exitCode).toBe(64);
  expect(wrong.stderr).toMatch(/drills\.mine\.database\.folder: must be an absolute path/);
  expect(wrong.stderr).toMatch(/drills\.mine\.database: .*dumpp/);

  const unknown = await place.run(['run', 'other', ...config(mine(`{ folder: ${backup} }`)).slice(2)]);
  expect(unknown).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('choose one of: mine') });

  const inside = await place.run(config(mine(`{ folder: ${backup} }`)), { env: { DRILL_RUNS: join(backup, 'runs') } });
  expect(inside).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('lies inside of the backup') });

  const far = await place.run([...config(mine(`{ folder: ${backup} }`)), '--on', 'cluster']);
  expect(far).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('is a folder of this machine') });
  const disk = (...args: string[]) => place.run([...config(mine(`{ folder: ${backup} }`)), ...args]);
  expect(await disk('--max-disk', '1G')).toMatchObject({
    exitCode: 64,
    stderr: expect.stringContaining('no backup of the library'),
  });
  expect(await disk('--batch-files', '9')).toMatchObject({
    exitCode: 64,
    stderr: expect.stringContaining('without --max-disk'),
  });
  const library = `drills: { mine: { workload: immich, library: { restic: { repository: 'rest:http://x', password: { env: HOME } } }, database: { restic: { repository: 'rest:http://x', password: { env: HOME } } } } }`;
  const elsewhere = await place.run([...config(library), '--max-disk', '1G', '--on', 'kind']);
  expect(elsewhere).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('restores elsewhere') });
  expect(place.runs()).toEqual([]);
});
