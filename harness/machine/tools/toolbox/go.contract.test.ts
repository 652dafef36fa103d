import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { tool as age } from '../age.ts';
import type { ToolDefinition } from './definition.ts';
import { zip } from './fakes/archives.ts';
import { fakeProgram, scratchFolder } from './fakes/fake-program.ts';
import { goBuildOf, greet } from './fakes/greet.ts';
import { readProvenance } from './provenance.ts';
import { onSearchPath } from './search-path.ts';
import { openToolbox, Toolbox } from './toolbox.ts';

/** Everything that a user may have set so that Go asks less of what it downloads. */
const CARELESS = {
  GOFLAGS: '-mod=mod -tags=evil',
  GONOSUMDB: '*',
  GONOSUMCHECK: '1',
  GOPRIVATE: '*',
  GOINSECURE: '*',
  GONOPROXY: 'none',
  GOSUMDB: 'off',
};

test('a real module is built, at its pinned version and with its hash on record', async (ctx) => {
  const [goCommand] = await onSearchPath('go', process.env);
  if (!goCommand) return ctx.skip('there is no Go toolchain on this machine');
  const cacheFolder = join(await scratchFolder(), 'cache');
  const notes: string[] = [];
  const { debianPackages: _, release: __, ...onlyGo } = age;
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
    proof: expect.stringMatching(/^module hash h1:\S+, as pinned in go\.sum$/),
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
  expect(said).toContain(`-mod=readonly -modcacherw|0||off|${join(cacheFolder, 'go')}\n`);
  expect(said).toContain('require example.org/greet v1.2.3');
});

test('without a network, only the first build waits for it', async () => {
  const log = join(await scratchFolder(), 'log');
  const script = `#!/bin/sh\n[ "$1" = env ] && exit 0\necho "proxy=$GOPROXY" >> ${log}\necho "dial tcp: lookup proxy: no such host" >&2\nexit 1\n`;
  const { toolbox } = await withGo(script, {}, [{ ...(await builtGreet()), name: 'other', programs: ['other'] }]);
  await expect(toolbox.provide('greet')).rejects.toThrow('no such host');
  await expect(toolbox.provide('other')).rejects.toThrow('no such host');
  expect(await readFile(log, 'utf8')).toBe('proxy=\nproxy=off\n');
});

test('without Go, the error and the survey say that it is missing', async () => {
  const cacheFolder = join(await scratchFolder(), 'cache');
  const toolbox = await openToolbox({ cacheFolder, env: { PATH: '' }, definitions: [await builtGreet()] });
  await expect(toolbox.provide('greet')).rejects.toThrow('go: the Go toolchain is not on PATH');
  expect((await toolbox.survey()).tools[0]).toMatchObject({
    installable: [],
    remarks: ['go: the Go toolchain is not on PATH'],
    next: 'install greet.',
  });
});

test('nothing of the user is left that could make Go ask less, and the proxy of the user stays', async () => {
  const log = join(await scratchFolder(), 'log');
  const script = `#!/bin/sh\n[ "$1" = env ] && { echo https://proxy.invalid; exit; }\nenv >> ${log}\nexit 1\n`;
  const more = { GOTOOLCHAIN: 'go9.9-evil', GOCACHE: '/evil', GOROOT: '/evil', GOENV: '/evil', GOEXPERIMENT: 'evil' };
  const { toolbox } = await withGo(script, { ...CARELESS, ...more });
  await expect(toolbox.provide('greet')).rejects.toThrow();
  const said = (await readFile(log, 'utf8'))
    .split('\n')
    .filter((line) => /^GO/.test(line) && !/^GO(BIN|PATH|CACHE)=/.test(line));
  expect(said.sort()).toEqual([
    'GO111MODULE=on',
    'GOENV=off',
    'GOFLAGS=-mod=readonly -modcacherw',
    'GOPROXY=https://proxy.invalid',
    'GOTOOLCHAIN=auto',
    'GOWORK=off',
  ]);
});

test('a module that is not what go.sum says is not built, whatever the environment allows', async (ctx) => {
  const real = await withModule();
  if (!real) return ctx.skip('there is no Go toolchain on this machine');
  expect(await real.toolbox().provide('greet')).toMatchObject({ source: 'go', version: '1.2.3' });
  const evil = await moduleProxy('greet 1.2.3 of somebody else');
  await expect(real.toolbox({ ...CARELESS, GOPROXY: evil }).provide('greet')).rejects.toMatchObject({
    code: 'tool-missing',
    tail: expect.stringContaining('SECURITY ERROR'),
  });
});

test('a module that go.sum does not name is not built, whatever the environment allows', async (ctx) => {
  const real = await withModule();
  if (!real) return ctx.skip('there is no Go toolchain on this machine');
  await writeFile(join(real.sums, 'go.sum'), '');
  await expect(real.toolbox(CARELESS).provide('greet')).rejects.toThrow('could not be built with Go');
});

test("a module that was changed in Go's cache is found out before anything of it runs", async (ctx) => {
  const real = await withModule();
  if (!real) return ctx.skip('there is no Go toolchain on this machine');
  const { GOMODCACHE } = real;
  await real.toolbox({ GOMODCACHE }).provide('greet');
  const ran = join(await scratchFolder(), 'ran');
  const source = join(GOMODCACHE, 'example.org', 'greet@v1.2.3', 'cmd', 'greet', 'main.go');
  await execa('chmod', ['-R', 'u+w', GOMODCACHE]);
  await writeFile(source, sourceOf('greet 1.2.3', `os.WriteFile(${JSON.stringify(ran)}, nil, 0o644)`));
  await expect(real.toolbox({ GOMODCACHE }).provide('greet')).rejects.toThrow('are not what go.sum says');
  expect(existsSync(ran)).toBe(false);
});

/** The fake tool, built out of a folder with the sums that its module has. */
async function builtGreet(sums?: string): Promise<ToolDefinition> {
  const folder = sums ?? (await scratchFolder());
  await writeFile(
    join(folder, 'go.mod'),
    'module restore-drill/tools\n\ngo 1.21\n\nrequire example.org/greet v1.2.3\n',
  );
  if (!sums) await writeFile(join(folder, 'go.sum'), '');
  return { ...greet, go: { ...goBuildOf(folder), sets: { 'main.Version': '1.2.3' } } };
}

/** A real module of ours at a proxy of ours, and toolboxes over empty caches that build it; undefined without Go. */
async function withModule() {
  const [command] = await onSearchPath('go', process.env);
  if (!command) return undefined;
  const [sums, HOME] = [await scratchFolder(), await scratchFolder()];
  const GOPROXY = await moduleProxy('greet 1.2.3');
  const [PATH, GOMODCACHE] = [`${join(command, '..')}:/usr/bin:/bin`, join(HOME, 'modules')];
  const definition = await builtGreet(sums);
  const env = {
    ...process.env,
    PATH,
    GOPROXY,
    GOMODCACHE: join(HOME, 'other'),
    GONOSUMDB: '*',
    GOFLAGS: '-modcacherw',
  };
  const { stdout } = await execa('go', ['mod', 'download', '-json', 'example.org/greet@v1.2.3'], { cwd: sums, env });
  const { Sum, GoModSum } = JSON.parse(stdout) as Record<string, string>;
  await writeFile(
    join(sums, 'go.sum'),
    `example.org/greet v1.2.3 ${Sum}\nexample.org/greet v1.2.3/go.mod ${GoModSum}\n`,
  );
  onTestFinished(async () => void (await execa('chmod', ['-R', 'u+w', HOME])));
  let caches = 0;
  const toolbox = (more: Record<string, string> = {}) => {
    caches += 1;
    const own = join(HOME, String(caches));
    // The standard library is not compiled anew for each.
    const XDG_CACHE_HOME = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
    const base = { PATH, HOME, XDG_CACHE_HOME, GOPROXY, GOTOOLCHAIN: 'local', GOMODCACHE: join(own, 'modules') };
    return new Toolbox({ cacheFolder: join(own, 'cache'), env: { ...base, ...more } }, [definition]);
  };
  return { toolbox, sums, GOMODCACHE };
}

/** A module proxy that is a folder, whose only module prints a line. */
async function moduleProxy(line: string): Promise<string> {
  const folder = await scratchFolder();
  const versions = join(folder, 'example.org', 'greet', '@v');
  await mkdir(versions, { recursive: true });
  await writeFile(join(versions, 'v1.2.3.info'), '{"Version":"v1.2.3"}');
  await writeFile(join(versions, 'v1.2.3.mod'), 'module example.org/greet\n\ngo 1.21\n');
  await writeFile(join(versions, 'v1.2.3.zip'), zip('example.org/greet@v1.2.3/cmd/greet/main.go', sourceOf(line)));
  return `file://${folder}`;
}

function sourceOf(line: string, more = '_ = os.Args'): string {
  return `package main\n\nimport "os"\n\nfunc main() {\n\t${more}\n\tos.Stdout.WriteString("${line}\\n")\n}\n`;
}

/** A toolbox whose Go is a script, on a machine whose home cannot be written to. */
async function withGo(script: string, more: Record<string, string> = {}, definitions: readonly ToolDefinition[] = []) {
  const root = await scratchFolder();
  const bin = join(root, 'bin');
  await fakeProgram(bin, 'go', script);
  const cacheFolder = join(root, 'cache');
  const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: join(root, 'nowhere'), ...more };
  const toolbox = await openToolbox({ cacheFolder, env, definitions: [await builtGreet(), ...definitions] });
  return { toolbox, cacheFolder };
}
