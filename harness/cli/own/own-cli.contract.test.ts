import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Workplace } from '../testing/workplace.ts';

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

  const far = await place.run([...config(mine(`{ folder: ${backup} }`)), '--on', 'kind']);
  expect(far).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('is a folder of this machine') });
  expect(place.runs()).toEqual([]);
});
