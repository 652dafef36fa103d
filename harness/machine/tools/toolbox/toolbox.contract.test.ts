import { appendFile, chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { fakeProgram, scratchFolder, scriptSaying } from './fakes/fake-program.ts';
import { GREET_BASE, greet, releasedGreet } from './fakes/greet.ts';
import { serveRelease } from './fakes/release-server.ts';
import { openToolbox, type Toolbox } from './toolbox.ts';

const PROVIDE_GREET = fileURLToPath(new URL('./fakes/provide-greet.ts', import.meta.url));
const ASSET = gzipSync(scriptSaying('greet 1.2.3'));

test('what was installed once is found in the cache from then on, without any download', async () => {
  const { open, asked } = await setUp();
  await open().then((toolbox) => toolbox.provide('greet'));
  const before = asked.length;
  const later = await open();
  expect(await later.find('greet')).toMatchObject({ source: 'cache', version: '1.2.3' });
  expect(await later.provide('greet')).toMatchObject({ source: 'cache' });
  expect(asked).toHaveLength(before);
});

test('find and survey install nothing and leave no folder', async () => {
  const { open, asked, cacheFolder } = await setUp();
  const toolbox = await open();
  expect(await toolbox.find('greet')).toBeUndefined();
  const { tools } = await toolbox.survey();
  expect(tools).toEqual([
    {
      tool: 'greet',
      purpose: 'greets',
      accepts: '>=1.2 <2',
      found: [],
      missing: ['greet'],
      installable: ['the official release greet.gz'],
      remarks: [],
      next: 'optional: downloaded on first use, no action needed.',
    },
  ]);
  expect(asked).toEqual([]);
  await expect(readdir(cacheFolder)).rejects.toThrow('ENOENT');
});

test.each([
  ['cut off', (location: string) => writeFile(location, '#!/bin/sh\n')],
  ['changed', (location: string) => appendFile(location, '\necho more\n')],
  ['gone', (location: string) => rm(location)],
  ['not executable', (location: string) => chmod(location, 0o644)],
  ['without provenance', (location: string) => rm(join(location, '..', 'provenance.json'))],
  ['half-recorded', (location: string) => writeFile(join(location, '..', 'provenance.json'), '{"tool"')],
])('a cached program that is %s is never run, and is replaced', async (_how, damage) => {
  const { open } = await setUp();
  const { location } = await open().then((toolbox) => toolbox.provide('greet'));
  await damage(location);
  const toolbox = await open();
  expect(await toolbox.find('greet')).toBeUndefined();
  expect((await toolbox.survey()).tools[0]?.remarks).toEqual([expect.stringContaining('in the cache: ')]);
  expect(await toolbox.provide('greet')).toMatchObject({ source: 'release', location });
  expect((await execa(location)).stdout).toBe('greet 1.2.3');
});

test('a cached release that was checked against its own server only is replaced', async () => {
  const { open } = await setUp();
  const { location } = await open().then((toolbox) => toolbox.provide('greet'));
  const record = join(location, '..', 'provenance.json');
  await writeFile(record, (await readFile(record, 'utf8')).replace(', as pinned', ', as published in SHA256SUMS'));
  const toolbox = await open();
  expect(await toolbox.find('greet')).toBeUndefined();
  expect(await toolbox.provide('greet')).toMatchObject({ source: 'release', location });
});

test.each([
  ['the folder of the cache', (location: string) => join(location, '../../../..')],
  ['a folder in it', (location: string) => join(location, '../..')],
  ['the program', (location: string) => location],
])('a cached program is not run when others can write to %s', async (_what, place) => {
  const { open, cacheFolder } = await setUp();
  const { location } = await open().then((toolbox) => toolbox.provide('greet'));
  await chmod(cacheFolder, 0o755);
  await chmod(place(location), 0o777);
  const toolbox = await open();
  expect(await toolbox.find('greet')).toBeUndefined();
  const [remark] = (await toolbox.survey()).tools[0]?.remarks ?? [];
  expect(remark).toBe(`in the cache: ${place(location)} can be written to by other accounts (mode 777)`);
});

test('what others can write to is no place to install programs into', async () => {
  const { open, cacheFolder, asked } = await setUp();
  await mkdir(cacheFolder);
  await chmod(cacheFolder, 0o777);
  await expect(open().then((toolbox) => toolbox.provide('greet'))).rejects.toMatchObject({
    code: 'cache-untrusted',
    blame: 'environment',
    what: expect.stringContaining(`${cacheFolder} can be written to by other accounts (mode 777)`),
    next: expect.stringContaining('DRILL_CACHE'),
  });
  expect(asked).toEqual([]);
});

test.skipIf(process.getuid?.() !== 0)('a cache of another account is no place for programs of root', async () => {
  const { open, cacheFolder } = await setUp();
  await open().then((toolbox) => toolbox.provide('greet'));
  await chown(cacheFolder, 65534, 65534);
  const toolbox = await open();
  expect(await toolbox.find('greet')).toBeUndefined();
  await expect(toolbox.provide('greet')).rejects.toThrow('belongs to another account (uid 65534, not 0)');
});

test('a new cache can be written to by its owner alone, whatever the mask says', async () => {
  const { url, cacheFolder } = await setUp();
  const env = { PATH: '/usr/bin:/bin', DRILL_CACHE: cacheFolder, DRILL_RELEASE_MIRROR: url };
  const provide = () =>
    execa('sh', ['-c', 'umask 002; exec "$0" "$1"', process.execPath, PROVIDE_GREET], { env, extendEnv: false });
  expect(JSON.parse((await provide()).stdout)).toMatchObject({ source: 'release' });
  expect((await stat(cacheFolder)).mode & 0o777).toBe(0o755);
  expect(JSON.parse((await provide()).stdout)).toMatchObject({ source: 'cache' });
});

test('a cached version that is no longer accepted stays, and a new one is put beside it', async () => {
  const { open, cacheFolder } = await setUp();
  await open().then((toolbox) => toolbox.provide('greet'));
  const bytes = gzipSync(scriptSaying('greet 1.3.0'));
  const newer = await setUp({ ...releasedGreet('greet.gz', bytes), accepts: '>=1.3' }, bytes);
  const toolbox = await newer.open(cacheFolder);
  expect(await toolbox.provide('greet')).toMatchObject({ version: '1.3.0', source: 'release' });
  expect((await readdir(join(cacheFolder, 'tools', 'greet'))).sort()).toEqual(['1.2.3', '1.3.0']);
});

test('many calls at once in one process install once', async () => {
  const { open, asked } = await setUp();
  const toolbox = await open();
  const found = await Promise.all([1, 2, 3, 4].map(() => toolbox.provide('greet')));
  expect(new Set(found.map(({ location }) => location)).size).toBe(1);
  expect(asked.filter((path) => path.endsWith('greet.gz'))).toHaveLength(1);
});

test('processes at once install once, and all get a whole program', async () => {
  const { url, asked, cacheFolder } = await setUp();
  const env = { PATH: '/usr/bin:/bin', DRILL_CACHE: cacheFolder, DRILL_RELEASE_MIRROR: url };
  const runs = await Promise.all(
    [1, 2, 3].map(() => execa(process.execPath, [PROVIDE_GREET], { env, extendEnv: false })),
  );
  const found = runs.map(({ stdout }) => JSON.parse(stdout) as { location: string; source: string });
  expect(found.filter(({ source }) => source === 'release')).toHaveLength(1);
  expect(new Set(found.map(({ location }) => location)).size).toBe(1);
  expect(asked.filter((path) => path.endsWith('greet.gz'))).toHaveLength(1);
});

test('what a killed installation left behind is removed by the next one', async () => {
  const { open, cacheFolder } = await setUp();
  const left = join(cacheFolder, 'tools', '.partial', 'greet');
  await mkdir(join(left, 'dead', 'out'), { recursive: true });
  await writeFile(join(left, 'dead', 'out', 'greet'), 'half');
  await open().then((toolbox) => toolbox.provide('greet'));
  expect(await readdir(left)).toEqual([]);
});

test('a cache that cannot be written to does not hide what is on PATH', async () => {
  const root = await scratchFolder();
  const location = await fakeProgram(root, 'greet', scriptSaying('greet 1.5'));
  const toolbox = await openToolbox({ env: { PATH: root, HOME: '' }, definitions: [greet] });
  expect(await toolbox.provide('greet')).toMatchObject({ source: 'PATH', location });
});

test('without HOME, what would have to be installed is an error that names the variable', async () => {
  const toolbox = await openToolbox({ env: { PATH: '' }, definitions: [releasedGreet('greet.gz', ASSET)] });
  await expect(toolbox.provide('greet')).rejects.toMatchObject({ code: 'cache-missing' });
});

test('a tool that nobody can install says what was seen and what to do', async () => {
  const root = await scratchFolder();
  await fakeProgram(root, 'greet', scriptSaying('greet 1.0'));
  const toolbox = await openToolbox({ cacheFolder: join(root, 'cache'), env: { PATH: root }, definitions: [greet] });
  await expect(toolbox.provide('greet')).rejects.toMatchObject({
    code: 'tool-missing',
    blame: 'environment',
    what: `greet >=1.2 <2 was not found (${join(root, 'greet')} is version 1.0; needed is >=1.2 <2).`,
    next: 'install greet.',
  });
});

test('a program that no tool brings is our own mistake', async () => {
  const toolbox = await openToolbox({ definitions: [greet] });
  await expect(toolbox.find('gret')).rejects.toMatchObject({ code: 'tool-unknown', blame: 'harness' });
});

test('the survey of this machine knows every tool and survives a forced program that does not run', async () => {
  const cacheFolder = join(await scratchFolder(), 'cache');
  const toolbox = await openToolbox({ cacheFolder, env: { ...process.env, DRILL_TOOL_RESTIC: '/nowhere/restic' } });
  const { tools } = await toolbox.survey();
  const restic = tools.find(({ tool }) => tool === 'restic');
  expect(restic?.missing).toEqual(['restic']);
  expect(restic?.remarks.join('\n')).toContain('DRILL_TOOL_RESTIC asks for /nowhere/restic');
  expect(tools.find(({ tool }) => tool === 'coreutils')?.missing).toEqual([]);
  for (const { missing, next } of tools) expect(next === undefined).toBe(missing.length === 0);
});

/** A server with the release of one tool, and toolboxes over one empty cache that use it. */
async function setUp(tool = releasedGreet('greet.gz', ASSET), bytes: Uint8Array = ASSET) {
  const folder = join(await scratchFolder(), 'cache');
  const server = await serveRelease(GREET_BASE, { 'greet.gz': bytes });
  const open = (cacheFolder = folder): Promise<Toolbox> =>
    openToolbox({ cacheFolder, env: { PATH: '/usr/bin:/bin' }, releaseMirror: server.url, definitions: [tool] });
  return { open, cacheFolder: folder, ...server };
}
