import { once } from 'node:events';
import { createServer } from 'node:net';
import pRetry, { AbortError } from 'p-retry';
import { DrillError } from '../../model/error.ts';

const TRIES = 5;
const ASKED_AT_MOST = 20;
const KEPT_MS = 15_000;
const IN_USE = /address already in use|EADDRINUSE|could not bind|Address in use/i;

/** Ports that were given out, and when: servers that start at the same time must not be told the same. */
const given = new Map<number, number>();

/** Starts a server on a free loopback port, with another one when somebody took it in between. */
export function onFreePort<Started>(start: (port: number) => Promise<Started>): Promise<Started> {
  return pRetry(
    async () => {
      try {
        return await start(await freePort());
      } catch (error) {
        if (error instanceof DrillError && IN_USE.test(error.tail)) throw error;
        throw new AbortError(error instanceof Error ? error : new Error(String(error)));
      }
    },
    { retries: TRIES, minTimeout: 0 },
  );
}

/** A port that nobody listens on, if it can be one that was not given out a moment ago; where there are few, one that was. */
async function freePort(): Promise<number> {
  const now = Date.now();
  for (const [port, at] of given) if (now - at > KEPT_MS) given.delete(port);
  let port = 0;
  for (let asked = 0; asked < ASKED_AT_MOST; asked += 1) {
    port = await anyPort();
    if (!given.has(port)) break;
  }
  given.set(port, now);
  return port;
}

async function anyPort(): Promise<number> {
  const server = createServer();
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  } catch (cause) {
    throw new DrillError({
      code: 'no-free-port',
      where: 'service',
      what: `This machine has no free port left on 127.0.0.1 for a server of the drill: ${(cause as Error).message}.`,
      next: 'end what holds them (`ss -tan` lists them), or widen net.ipv4.ip_local_port_range.',
      blame: 'environment',
      cause,
    });
  } finally {
    server.close();
  }
}
