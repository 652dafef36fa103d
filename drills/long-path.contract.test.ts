import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Workplace } from '../harness/cli/testing/workplace.ts';

it('a drill that fails because its path is too long for sockets is unknown, and says so', async () => {
  using outside = new Workplace();
  using place = new Workplace(join(outside.folder, 'a-folder-with-a-path', 'that-leaves-no-room', 'for-sockets'));
  const { exitCode, stdout } = await place.run(['immich-physical', '--only', 'config', '--assets', '12']);
  expect(exitCode, stdout).toBe(2);
  expect(stdout).toMatch(/could not start its agent.*set DRILL_WORK to a shorter path/s);
  expect(place.leftFolders()).toEqual([]);
});
