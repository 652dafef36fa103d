import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { readEntry, sealEntry } from '../history/entry.ts';
import { sampleSummary } from '../samples/history.ts';
import { samples } from '../samples/samples.ts';
import { changeOfVerdict, type VerdictChange } from './change.ts';
import { notify } from './notify.ts';

const TOKEN = 'tk_secret';

function change(result = samples.failed): VerdictChange {
  const entry = readEntry(
    sealEntry(sampleSummary(new Date(), { result }), { seq: 6, hash: '0'.repeat(64) }, undefined),
  );
  const found = entry && changeOfVerdict([], entry);
  if (!found) throw new Error('no change');
  return found;
}

async function listen(answer: RequestListener) {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(`${JSON.stringify(request.headers)}\n${Buffer.concat(await request.toArray()).toString()}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    bodies,
    url,
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

it.each([301, 302, 303, 307, 308])('a webhook that answers %d is not followed to where it leads', async (status) => {
  using elsewhere = await listen((_, response) => response.end());
  using hook = await listen((_, response) => response.writeHead(status, { location: `${elsewhere.url}/x` }).end());
  const env = { DRILL_NOTIFY_WEBHOOK: `${hook.url}/a`, DRILL_NOTIFY_NTFY: hook.url, DRILL_NOTIFY_NTFY_TOKEN: TOKEN };
  const problems = await notify(change(), env);
  expect(problems).toHaveLength(2);
  expect(problems.join('\n')).toMatch(new RegExp(`answered ${status} and sends elsewhere`));
  expect(problems.join('\n')).not.toContain(TOKEN);
  expect(elsewhere.bodies).toEqual([]);
  expect(hook.bodies).toHaveLength(2);
});

it('a webhook that never answers is given up, and told of', { timeout: 90_000 }, async () => {
  using hook = await listen(() => {});
  const began = performance.now();
  const problems = await notify(change(), { DRILL_NOTIFY_WEBHOOK: `${hook.url}/token-abc` });
  expect(performance.now() - began).toBeLessThan(60_000);
  expect(problems.join()).toMatch(/DRILL_NOTIFY_WEBHOOK could not be told/);
  expect(problems.join()).not.toContain('token-abc');
});

it('a webhook gets the number and the hash of the record, and nothing that a terminal obeys', async () => {
  using hook = await listen((_, response) => response.end());
  const told = change(samples.weird);
  expect(await notify(told, { DRILL_NOTIFY_WEBHOOK: hook.url })).toEqual([]);
  const body = JSON.parse(hook.bodies[0]?.split('\n').slice(1).join('\n') ?? '{}') as Record<string, string>;
  expect(body.history).toEqual({ seq: 7, hash: told.entry.hash });
  expect(body.text).not.toMatch(/[[\p{Cc}\u202E]--[\n]]/v);
});

it.each(['ftp://host/x', 'file:///etc/passwd', 'nonsense'])('%s is no address of a webhook', async (address) => {
  const problems = await notify(change(), { DRILL_NOTIFY_WEBHOOK: address });
  expect(problems.join()).toMatch(/it is no address that begins with http/);
});
