import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { drillOwn } from '../testing/drill-own.ts';

/** Three minutes are what it must not come near. */
const BUDGET_MS = 150_000;

describe('a server of own backups that takes connections and never answers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drill-silent-'));
  const sockets = new Set<Socket>();
  let server: Server;
  let endpoint = '';

  beforeAll(async () => {
    vi.stubEnv('OWN_KEY', 'key').stubEnv('OWN_SECRET', 'secret').stubEnv('OWN_PASSWORD', 'password');
    server = createServer((socket) => {
      sockets.add(socket.on('error', () => {}).resume());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const bucket = () => {
    const keys = { accessKey: { env: 'OWN_KEY' }, secretKey: { env: 'OWN_SECRET' } };
    return { bucket: { name: 'photos', endpoint, ...keys } };
  };
  const restic = () => {
    const env = { AWS_ACCESS_KEY_ID: { env: 'OWN_KEY' }, AWS_SECRET_ACCESS_KEY: { env: 'OWN_SECRET' } };
    return { restic: { repository: `s3:${endpoint}/photos/restic`, password: { env: 'OWN_PASSWORD' }, env } };
  };

  it.each([
    ['a bucket', bucket],
    ['a restic repository', restic],
  ])(
    'is told as such, with %s on it, and no tool waits for it',
    async (_, place) => {
      const result = await drillOwn(folder, { library: place(), database: { ...place(), path: 'dumps' } });
      expect(result).toMatchObject({ verdict: 'unknown', exitCode: 2 });
      expect(result.failures.map(({ code, component }) => [code, component])).toEqual([
        ['source-unreachable', 'library'],
        ['source-unreachable', 'database'],
      ]);
      expect(result.failures[0]?.message).toMatch(/127\.0\.0\.1:\d+, took the connection, but said nothing for 10 s/);
      expect(result.timings.filter(({ kind }) => kind === 'job')).toEqual([]);
      const untouched = result.checks.find(({ name }) => name === 'source-untouched');
      expect(untouched).toMatchObject({ verdict: 'unknown', actual: expect.stringContaining('said nothing for 10 s') });
    },
    BUDGET_MS,
  );
});
