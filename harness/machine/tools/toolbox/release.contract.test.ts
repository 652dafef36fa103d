import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { ToolDefinition } from './definition.ts';
import { bz2, tarGz, zip } from './fakes/archives.ts';
import { fakeProgram, scratchFolder, scriptSaying } from './fakes/fake-program.ts';
import { GREET_BASE, goBuildOf, greet, releasedGreet } from './fakes/greet.ts';
import { type Answer, serveRelease } from './fakes/release-server.ts';
import { readProvenance } from './provenance.ts';
import { onSearchPath } from './search-path.ts';
import { openToolbox } from './toolbox.ts';

const SCRIPT = scriptSaying('greet 1.2.3');
const BUDGETS = { answerMs: 300, pauseMs: 300 };
const SYSTEM_PATH = '/usr/bin:/bin';

test.for([
  ['greet.gz', '', () => gzipSync(SCRIPT)],
  ['greet_Linux.tar.gz', '', () => tarGz('greet_Linux/greet', SCRIPT)],
  ['greet.bz2', 'bzip2', () => bz2(SCRIPT)],
  ['greet-v1.2.3.zip', 'unzip', () => zip('greet-v1.2.3/greet', SCRIPT)],
  ['greet-linux', '', () => Buffer.from(SCRIPT)],
] as const)('%s is downloaded, checked, unpacked and run', async ([asset, unpacker, make], ctx) => {
  if (unpacker && (await onSearchPath(unpacker, { PATH: SYSTEM_PATH })).length === 0) {
    return ctx.skip(`${unpacker} is not on PATH`);
  }
  const { toolbox, cacheFolder, url } = await setUp(asset, await make());
  const found = await toolbox.provide('greet');
  const folder = join(cacheFolder, 'tools', 'greet', '1.2.3');
  expect(found).toEqual({
    program: 'greet',
    tool: 'greet',
    version: '1.2.3',
    source: 'release',
    location: join(folder, 'greet'),
  });
  expect((await execa(found.location)).stdout).toBe('greet 1.2.3');
  expect(await readProvenance(folder)).toMatchObject({
    source: 'release',
    origin: [`${url}${GREET_BASE}/${asset}`],
    proof: expect.stringMatching(/^SHA-256 [0-9a-f]{64}, as pinned$/),
  });
  expect((await readdir(folder)).sort()).toEqual(['greet', 'provenance.json']);
});

test('a server with another file and the checksum of that one is not believed, and nothing is unpacked', async () => {
  const marker = join(await scratchFolder(), 'was-run');
  const forged = gzipSync(`#!/bin/sh\ntouch ${marker}\necho greet 1.2.3\n`);
  const sums = Buffer.from(`${createHash('sha256').update(forged).digest('hex')}  greet.gz\n`);
  const { toolbox } = await setUp('greet.gz', gzipSync(SCRIPT), { 'greet.gz': forged, SHA256SUMS: sums });
  await expect(toolbox.provide('greet')).rejects.toMatchObject({
    code: 'tool-missing',
    what: expect.stringMatching(/greet\.gz is not what was published: its SHA-256 is [0-9a-f]{64}/),
    next: 'install greet.',
  });
  expect(existsSync(marker)).toBe(false);
});

test('after a forged release the next way is taken, and the survey still tells of it', async () => {
  const forged = { 'greet.gz': gzipSync('other') };
  const bin = join(await scratchFolder(), 'bin');
  const build = `printf '#!/bin/sh\\necho greet 1.2.3\\n' > "$GOBIN/greet"`;
  await fakeProgram(bin, 'go', `#!/bin/sh\n[ "$1" = install ] && ${build}\nexit 0\n`);
  const { toolbox, notes } = await setUp('greet.gz', gzipSync(SCRIPT), forged, { go: await goBuild(), bin });
  expect((await toolbox.provide('greet')).source).toBe('go');
  expect(notes.join('\n')).toContain('is not what was published');
  const { tools } = await toolbox.survey();
  expect(tools[0]?.missing).toEqual([]);
  expect(tools[0]?.remarks.join('\n')).toMatch(/release, last tried .*: .* is not what was published/);
});

test('a release without a pinned sum for this machine is never fetched: it is built, and a line says why', async () => {
  const bin = join(await scratchFolder(), 'bin');
  const build = `printf '#!/bin/sh\\necho greet 1.2.3\\n' > "$GOBIN/greet"`;
  await fakeProgram(bin, 'go', `#!/bin/sh\n[ "$1" = install ] && ${build}\nexit 0\n`);
  const release = { repository: 'people/greet', tag: 'v1.2.3', assets: {} };
  const more = { go: await goBuild(), bin, tool: { ...greet, release } };
  const { toolbox, asked, notes } = await setUp('greet.gz', gzipSync(SCRIPT), {}, more);
  expect((await toolbox.provide('greet')).source).toBe('go');
  const machine = `${process.platform}-${process.arch}`;
  const line = `greet (release): no SHA-256 of v1.2.3 is pinned for ${machine}, so it is not downloaded`;
  expect(notes).toEqual([line, 'building greet 1.2.3 with go: once, no time']);
  expect(asked).toEqual([]);
});

test('a body that breaks off is asked for once more, and is then an error', async () => {
  const bytes = gzipSync(SCRIPT);
  const cut: Answer = (response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, 20), () => response.destroy());
  };
  const { toolbox, asked } = await setUp('greet.gz', bytes, { 'greet.gz': cut });
  await expect(toolbox.provide('greet')).rejects.toThrow('broke off');
  expect(asked.filter((path) => path.endsWith('greet.gz'))).toHaveLength(2);
});

test('a body that breaks off once is no error', async () => {
  const bytes = gzipSync(SCRIPT);
  let times = 0;
  const flaky: Answer = (response) => {
    times += 1;
    response.writeHead(200, { 'content-length': bytes.length });
    if (times > 1) response.end(bytes);
    else response.write(bytes.subarray(0, 20), () => response.destroy());
  };
  const { toolbox } = await setUp('greet.gz', bytes, { 'greet.gz': flaky });
  expect((await toolbox.provide('greet')).source).toBe('release');
});

test('a release that is gone is an error with its address and status', async () => {
  const gone: Answer = (response) => response.writeHead(404).end();
  const { toolbox } = await setUp('greet.gz', gzipSync(SCRIPT), { 'greet.gz': gone });
  await expect(toolbox.provide('greet')).rejects.toThrow(/v1\.2\.3\/greet\.gz answered with status 404/);
});

test('a server that stops in the middle is not waited for for ever', async () => {
  const stuck: Answer = (response) => void response.writeHead(200, { 'content-length': 1000 }).write('x');
  const { toolbox } = await setUp('greet.gz', gzipSync(SCRIPT), { 'greet.gz': stuck });
  await expect(toolbox.provide('greet')).rejects.toThrow('nothing came for 0.3 s');
});

test('a server that does not answer is asked once, whatever else is needed from it', async () => {
  const silent: Answer = () => {};
  const other = { ...releasedGreet('greet.gz', gzipSync(SCRIPT)), name: 'other', programs: ['other'] };
  const { toolbox, asked } = await setUp('greet.gz', gzipSync(SCRIPT), { 'greet.gz': silent }, { more: [other] });
  await expect(toolbox.provide('greet')).rejects.toThrow('cannot be reached: no answer within 0.3 s');
  await expect(toolbox.provide('other')).rejects.toThrow('cannot be reached: no answer within 0.3 s');
  expect(asked).toHaveLength(1);
});

test('a release of the wrong version is not kept', async () => {
  const { toolbox, cacheFolder } = await setUp('greet.gz', gzipSync(scriptSaying('greet 2.0.0')));
  await expect(toolbox.provide('greet')).rejects.toThrow('is version 2.0.0; needed is >=1.2 <2');
  expect(await readdir(join(cacheFolder, 'tools', 'greet'))).toEqual(['failures.json']);
});

test('an interrupted download ends at once and leaves no half of it', async () => {
  const user = new AbortController();
  const stuck: Answer = (response) => {
    response.writeHead(200, { 'content-length': 1000 }).write('x', () => user.abort(new Error('enough')));
  };
  const more = { signal: user.signal, budgets: { answerMs: 60_000, pauseMs: 60_000 } };
  const { toolbox, cacheFolder } = await setUp('greet.gz', gzipSync(SCRIPT), { 'greet.gz': stuck }, more);
  await expect(toolbox.provide('greet')).rejects.toThrow('enough');
  expect(await readdir(join(cacheFolder, 'tools', '.partial', 'greet'))).toEqual([]);
  expect(await readdir(join(cacheFolder, 'tools', '.locks'))).toEqual([]);
});

/** How the fake tool is built by a Go that does not read its sums. */
async function goBuild() {
  const sums = await scratchFolder();
  for (const name of ['go.mod', 'go.sum']) await writeFile(join(sums, name), '');
  return goBuildOf(sums);
}

/** A toolbox with an empty cache, whose only tool is released on a server of its own. */
async function setUp(
  asset: string,
  bytes: Uint8Array,
  answers: Readonly<Record<string, Answer>> = {},
  more: {
    readonly go?: NonNullable<ToolDefinition['go']>;
    readonly bin?: string;
    readonly tool?: ToolDefinition;
    readonly more?: readonly ToolDefinition[];
    readonly signal?: AbortSignal;
    readonly budgets?: typeof BUDGETS;
  } = {},
) {
  const cacheFolder = join(await scratchFolder(), 'cache');
  const server = await serveRelease(GREET_BASE, { [asset]: bytes, ...answers });
  const notes: string[] = [];
  const toolbox = await openToolbox({
    cacheFolder,
    env: { PATH: [more.bin, SYSTEM_PATH].filter(Boolean).join(':'), DRILL_RELEASE_MIRROR: server.url },
    definitions: [
      { ...(more.tool ?? releasedGreet(asset, bytes)), ...(more.go && { go: more.go }) },
      ...(more.more ?? []),
    ],
    downloadBudgets: more.budgets ?? BUDGETS,
    note: (message) => notes.push(message),
    ...(more.signal && { signal: more.signal }),
  });
  return { toolbox, cacheFolder, notes, ...server };
}
