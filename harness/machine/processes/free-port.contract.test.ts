import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { DrillError } from '../../model/error.ts';
import { onFreePort } from './free-port.ts';

function listen(port: number): Promise<ReturnType<typeof createServer>> {
  const server = createServer().listen(port, '127.0.0.1');
  return once(server, 'listening').then(() => server);
}

it('takes another port when somebody was faster, and gives up on any other error', async () => {
  const busy = await listen(0);
  const address = busy.address();
  const taken = typeof address === 'object' && address ? address.port : 0;
  let tries = 0;
  const server = await onFreePort(async (port) => {
    tries += 1;
    return await listen(tries === 1 ? taken : port).catch((error: Error) => {
      throw new DrillError({
        code: 'service-ended',
        where: 'test',
        what: 'it ended.',
        next: 'look.',
        blame: 'environment',
        tail: error.message,
      });
    });
  });
  expect(tries).toBe(2);
  server.close();
  busy.close();
  await expect(onFreePort(async () => Promise.reject(new Error('wrong password')))).rejects.toThrow('wrong password');
});
