import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { tool as age } from '../age.ts';
import type { ToolDefinition } from './definition.ts';
import { fakeProgram, scratchFolder } from './fakes/fake-program.ts';
import { greet } from './fakes/greet.ts';
import { readProvenance } from './provenance.ts';
import { onSearchPath } from './search-path.ts';
import { openToolbox } from './toolbox.ts';

const go = { module: 'example.org/greet', version: 'v1.2.3', commands: { greet: 'cmd/greet' }, takes: 'no time' };
const builtGreet: ToolDefinition = { ...greet, go: { ...go, sets: { 'main.Version': '1.2.3' } } };

test('a real module is built, at its pinned version and with its hash on record', async (ctx) => {
  const [goCommand] = await onSearchPath('go', process.env);
  if (!goCommand) return ctx.skip('there is no Go toolchain on this machine');
  const cacheFolder = join(await scratchFolder(), 'cache');
  const notes: string[] = [];
  const { debianPackages: _, ...onlyGo } = age;
  const path = [join(goCommand, '..'), '/usr/bin', '/bin'].join(':');
  const toolbox = await openToolbox({
    cacheFolder,
    env: { ...process.env, PATH: path, DRILL_TOOL_AGE: '' },
    definitions: [{ ...onlyGo, accepts: '=1.3.2' }],
    note: (message) => notes.push(message),
  });
  const found = await toolbox.provide('age-keygen');
  expect(found).toMatchObject({ source: 'go', version: '1.3.2', tool: 'age' });
  expect(notes).toEqual(['building age 1.3.2 with go: once, some seconds']);
  expect((await execa(found.location)).stdout).toContain('AGE-SECRET-KEY-');
  expect(await readProvenance(join(found.location, '..'))).toMatchObject({
    origin: ['filippo.io/age@v1.3.2'],
    proof: expect.stringMatching(/^module hash h1:/),
  });
});

test('a build that fails shows what Go said', async () => {
  const script = '#!/bin/sh\necho "cmd/greet/main.go:7:2: undefined: hello" >&2\nexit 1\n';
  const { toolbox } = await withGo(script);
  await expect(toolbox.provide('greet')).rejects.toMatchObject({
    code: 'tool-missing',
    what: expect.stringContaining('example.org/greet@v1.2.3 could not be built with Go'),
    tail: expect.stringContaining('main.go:7:2: undefined: hello'),
  });
});

test('Go is called with our flags and not with the settings of the user', async () => {
  const log = join(await scratchFolder(), 'log');
  const script = `#!/bin/sh\n{ echo "$@"; echo "$GOFLAGS|$CGO_ENABLED|$GOOS|$GOWORK|$HOME"; cat go.mod; } >> ${log}\nexit 1\n`;
  const { toolbox, cacheFolder } = await withGo(script, { GOOS: 'plan9', GOFLAGS: '-tags=evil' });
  await expect(toolbox.provide('greet')).rejects.toThrow();
  const said = await readFile(log, 'utf8');
  expect(said).toContain('install -trimpath -buildvcs=false -ldflags -s -w -X=main.Version=1.2.3');
  expect(said).toContain('example.org/greet/cmd/greet\n');
  expect(said).toContain(`-mod=mod -modcacherw|0||off|${join(cacheFolder, 'go')}\n`);
  expect(said).toContain('require example.org/greet v1.2.3');
});

test('without a network, only the first build waits for it', async () => {
  const log = join(await scratchFolder(), 'log');
  const script = `#!/bin/sh\necho "proxy=$GOPROXY" >> ${log}\necho "dial tcp: lookup proxy: no such host" >&2\nexit 1\n`;
  const { toolbox } = await withGo(script, {}, [{ ...builtGreet, name: 'other', programs: ['other'] }]);
  await expect(toolbox.provide('greet')).rejects.toThrow('no such host');
  await expect(toolbox.provide('other')).rejects.toThrow('no such host');
  expect(await readFile(log, 'utf8')).toBe('proxy=\nproxy=off\n');
});

test('without Go, the error and the survey say that it is missing', async () => {
  const cacheFolder = join(await scratchFolder(), 'cache');
  const toolbox = await openToolbox({ cacheFolder, env: { PATH: '' }, definitions: [builtGreet] });
  await expect(toolbox.provide('greet')).rejects.toThrow('go: the Go toolchain is not on PATH');
  expect((await toolbox.survey()).tools[0]).toMatchObject({
    installable: [],
    remarks: ['go: the Go toolchain is not on PATH'],
    next: 'install greet.',
  });
});

/** A toolbox whose Go is a script, on a machine whose home cannot be written to. */
async function withGo(script: string, more: Record<string, string> = {}, definitions: readonly ToolDefinition[] = []) {
  const root = await scratchFolder();
  const bin = join(root, 'bin');
  await fakeProgram(bin, 'go', script);
  const cacheFolder = join(root, 'cache');
  const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: join(root, 'nowhere'), ...more };
  const toolbox = await openToolbox({ cacheFolder, env, definitions: [builtGreet, ...definitions] });
  return { toolbox, cacheFolder };
}
