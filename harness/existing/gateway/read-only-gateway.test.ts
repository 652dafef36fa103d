import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reveal, Secret } from '../../model/secret.ts';
import type { ReadOnlyGateway } from '../../model/watch.ts';
import { openReadOnlyGateway } from './read-only-gateway.ts';
import { throughGateways } from './through-gateways.ts';

let asked: string[];
let server: Server;
let gateway: ReadOnlyGateway;

beforeEach(async () => {
  asked = [];
  server = createServer(({ method, url, headers }, answer) => {
    asked.push(`${method} ${url} for ${headers.host}`);
    answer.writeHead(206, { 'x-kept': 'as it was' });
    answer.end(method === 'HEAD' ? undefined : 'bytes');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const opened = await openReadOnlyGateway(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  if (!opened) throw new Error('no gateway');
  gateway = opened;
});
afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

describe('a gateway', () => {
  it('passes reads on as they are, with the host that they were signed for', async () => {
    const answer = await fetch(`${gateway.url}/bucket/a%2Fb?list-type=2`);
    expect([answer.status, answer.headers.get('x-kept'), await answer.text()]).toEqual([206, 'as it was', 'bytes']);
    expect((await fetch(`${gateway.url}/bucket/x`, { method: 'HEAD' })).status).toBe(206);
    const { host } = new URL(gateway.url);
    expect(asked).toEqual([`GET /bucket/a%2Fb?list-type=2 for ${host}`, `HEAD /bucket/x for ${host}`]);
    expect(gateway.seen()).toMatchObject({ methods: { GET: 1, HEAD: 1 }, refused: [], refusedCount: 0 });
  });

  it.each(['PUT', 'POST', 'DELETE', 'PATCH'])('lets no %s through, and names it without its query', async (method) => {
    expect((await fetch(`${gateway.url}/bucket/x?uploads=secret`, { method })).status).toBe(405);
    expect(asked).toEqual([]);
    expect(gateway.seen()).toMatchObject({
      methods: { [method]: 1 },
      refused: [`${method} /bucket/x`],
      refusedCount: 1,
    });
  });

  it('says that the server is gone as a server would', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
    const answer = await fetch(`${gateway.url}/bucket/x`);
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('connection refused')]);
    expect(await openReadOnlyGateway(gateway.to)).toBeUndefined();
  });
});

describe('steps go by way of it', () => {
  const stepsOf = (env: Record<string, string | Secret>, to: string, reachesOut = true) => {
    const job = { name: 'x', volumes: [], steps: () => [{ program: 'restic', args: [], env, reachesOut }] };
    const other = { to, url: 'http://127.0.0.1:4000' } as ReadOnlyGateway;
    return throughGateways(job, [other]).steps('');
  };

  it('in place of a server of this machine, whatever else is in the address', () => {
    const to = 'http://127.0.0.1:9000';
    expect(stepsOf({ RESTIC_REPOSITORY: `s3:${to}/photos` }, to)).toMatchObject([
      { env: { RESTIC_REPOSITORY: `s3:${to}/photos` }, via: { RESTIC_REPOSITORY: 's3:http://127.0.0.1:4000/photos' } },
    ]);
    const [step] = stepsOf({ RESTIC_REPOSITORY: new Secret('r', 'rest:http://me:it@127.0.0.1:9000/x') }, to);
    expect(reveal(step?.via ?? {}).RESTIC_REPOSITORY).toBe('rest:http://me:it@127.0.0.1:4000/x');
  });

  it('as a proxy to another machine, since its name is signed', () => {
    expect(stepsOf({ AWS_ENDPOINT_URL: 'http://nas' }, 'http://nas')).toMatchObject([
      { via: { HTTP_PROXY: 'http://127.0.0.1:4000' } },
    ]);
  });

  it('and no others', () => {
    expect(stepsOf({ A: 'http://nas:90001/x', B: 'https://nas:9000' }, 'http://nas:9000')[0]).not.toHaveProperty('via');
    expect(stepsOf({ A: 'http://nas:9000' }, 'http://nas:9000', false)[0]).not.toHaveProperty('via');
  });
});
