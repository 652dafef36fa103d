import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeProgram, scratchFolder, scriptSaying } from './fakes/fake-program.ts';
import { greet } from './fakes/greet.ts';
import { findProgram } from './finder.ts';

test('an accepted version is found behind an old one and a broken one', async () => {
  const root = await scratchFolder();
  const [old, broken, good] = ['old', 'broken', 'good'].map((name) => join(root, name)) as [string, string, string];
  await fakeProgram(old, 'greet', scriptSaying('greet 1.1.9'));
  await fakeProgram(broken, 'greet', '#!/bin/sh\necho no libgreet.so >&2\nexit 127\n');
  const location = await fakeProgram(good, 'greet', scriptSaying('greet 1.4.0'));
  const env = { PATH: [old, broken, good, '/usr/bin', '/bin'].join(':') };
  const look = await findProgram(greet, 'greet', env, undefined);
  expect(look.found).toEqual({ program: 'greet', tool: 'greet', version: '1.4.0', source: 'PATH', location });
  expect(look.remarks.join('\n')).toContain(`${join(old, 'greet')} is version 1.1.9; needed is >=1.2 <2`);
  expect(look.remarks.join('\n')).toContain('no libgreet.so');
});

test('a program that does not tell the version expected of it is not the program', async () => {
  const folder = await scratchFolder();
  await fakeProgram(folder, 'greet', scriptSaying('something else 1.5'));
  const look = await findProgram(greet, 'greet', { PATH: folder }, undefined);
  expect(look.found).toBeUndefined();
  expect(look.remarks[0]).toContain('does not tell the version of greet: something else 1.5');
});

test('a folder of that name, a file that is not executable and a relative folder on PATH are no programs', async () => {
  const root = await scratchFolder();
  await fakeProgram(join(root, 'a', 'greet'), 'x', '');
  await chmod(await fakeProgram(join(root, 'b'), 'greet', scriptSaying('greet 1.5')), 0o644);
  const env = { PATH: [join(root, 'a'), join(root, 'b'), '.', ''].join(':') };
  expect(await findProgram(greet, 'greet', env, undefined)).toEqual({ remarks: [] });
});

test('the user may force a program, also of another version', async () => {
  const root = await scratchFolder();
  const location = await fakeProgram(join(root, 'mine'), 'greet-next', scriptSaying('greet 3.0'));
  await fakeProgram(join(root, 'bin'), 'greet', scriptSaying('greet 1.5'));
  const env = { PATH: join(root, 'bin'), DRILL_TOOL_GREET: location };
  const { found } = await findProgram(greet, 'greet', env, undefined);
  expect(found).toMatchObject({ source: 'forced', version: '3.0', location });
});

test('a forced program that does not run is an error and is never replaced by another', async () => {
  const root = await scratchFolder();
  await fakeProgram(root, 'greet', scriptSaying('greet 1.5'));
  const env = { PATH: root, DRILL_TOOL_GREET: join(root, 'nowhere') };
  await expect(findProgram(greet, 'greet', env, undefined)).rejects.toMatchObject({
    code: 'tool-forced-unusable',
    blame: 'usage',
    what: expect.stringContaining('DRILL_TOOL_GREET'),
  });
});

test('of a tool with two programs, each can be forced alone, or both by their folder', async () => {
  const root = await scratchFolder();
  const pair = { ...greet, programs: ['greet', 'greet-key'] };
  const location = await fakeProgram(root, 'greet-key', scriptSaying('greet 1.5'));
  await fakeProgram(root, 'greet', scriptSaying('greet 1.5'));
  const alone = { PATH: '', DRILL_TOOL_GREET_KEY: location };
  expect((await findProgram(pair, 'greet-key', alone, undefined)).found?.location).toBe(location);
  expect((await findProgram(pair, 'greet', alone, undefined)).found).toBeUndefined();
  const both = { PATH: '', DRILL_TOOL_GREET: root };
  expect((await findProgram(pair, 'greet', both, undefined)).found?.location).toBe(join(root, 'greet'));
  expect((await findProgram(pair, 'greet-key', both, undefined)).found?.location).toBe(location);
});
