import getPort from 'get-port';
import pRetry, { AbortError } from 'p-retry';
import { DrillError } from '../model/error.ts';

const TRIES = 5;
const IN_USE = /address already in use|EADDRINUSE|could not bind|Address in use/i;

/** Starts a server on a free loopback port, with another one when somebody took it in between. */
export function onFreePort<Started>(start: (port: number) => Promise<Started>): Promise<Started> {
  return pRetry(
    async () => {
      try {
        return await start(await getPort({ host: '127.0.0.1' }));
      } catch (error) {
        if (error instanceof DrillError && IN_USE.test(error.tail)) throw error;
        throw new AbortError(error instanceof Error ? error : new Error(String(error)));
      }
    },
    { retries: TRIES, minTimeout: 0 },
  );
}
