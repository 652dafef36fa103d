import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { tool as redis } from '../redis.ts';
import { ToolCache } from './cache.ts';
import { DebianProvider } from './debian.ts';
import { scratchFolder } from './fakes/fake-program.ts';
import { greet } from './fakes/greet.ts';
import { installTool } from './installer.ts';
import { readProvenance } from './provenance.ts';
import { openToolbox } from './toolbox.ts';

const SYSTEM = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
test('Redis comes out of its packages with the libraries that it needs, and without root', async (ctx) => {
  const obstacle = await new DebianProvider('').obstacle(redis, SYSTEM);
  if (obstacle) return ctx.skip(obstacle);
  const cacheFolder = join(await scratchFolder(), 'cache');
  const cache = new ToolCache(cacheFolder, SYSTEM);
  const providers = [new DebianProvider(join(cacheFolder, 'apt'))];
  // Not by way of the toolbox, which would be content with a Redis of the system.
  const installed = await installTool(redis, { cache, providers, env: SYSTEM, note: () => {} }, async () => false);
  expect(installed).toEqual({ source: 'debian', remarks: [], errors: [] });
  const { found } = await cache.find(redis, 'redis-server');
  const { found: client } = await cache.find(redis, 'redis-cli');
  if (!found || !client) throw new Error('the packages were unpacked, and are not in the cache');
  // In an environment without anything, as a server is started.
  const bare = { env: { PATH: '/usr/bin:/bin' }, extendEnv: false };
  const { stdout } = await execa(found.location, ['--version'], bare);
  expect(stdout).toContain(`Redis server v=${found.version}`);
  expect((await execa(client.location, ['--version'], bare)).stdout).toContain(found.version);
  const { origin = [], proof } = (await readProvenance(join(found.location, '..'))) ?? {};
  expect(origin.join(' ')).toContain('redis-server_');
  expect(origin.join(' ')).not.toContain('libc6_');
  expect(proof).toBe("apt's signatures");
  await expectServes(found.location, client.location);
});

test('a package that does not exist is an error with what apt said', async (ctx) => {
  const obstacle = await new DebianProvider('').obstacle(redis, SYSTEM);
  if (obstacle) return ctx.skip(obstacle);
  const cacheFolder = join(await scratchFolder(), 'cache');
  const tool = { ...greet, debianPackages: ['no-such-package-of-greet'] };
  const toolbox = await openToolbox({ cacheFolder, env: SYSTEM, definitions: [tool] });
  await expect(toolbox.provide('greet')).rejects.toMatchObject({
    code: 'tool-missing',
    what: expect.stringContaining('apt could not download no-such-package-of-greet'),
    tail: expect.stringContaining('Unable to locate package no-such-package-of-greet'),
  });
});

test('where there is no apt the survey says so', async () => {
  const provider = new DebianProvider('');
  expect(await provider.obstacle(redis, { PATH: '' })).toContain('apt-get');
});

/** The server answers its own client: over a socket, so that no port is needed. */
async function expectServes(server: string, client: string): Promise<void> {
  const folder = await scratchFolder();
  const socket = join(folder, 'redis.sock');
  const running = execa(server, ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', ''], {
    reject: false,
  });
  try {
    await expect.poll(async () => (await execa(client, ['-s', socket, 'ping'], { reject: false })).stdout).toBe('PONG');
  } finally {
    running.kill();
    await running;
  }
}
