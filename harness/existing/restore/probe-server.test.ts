import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { probeServer } from './probe-server.ts';

async function asked(server: Server, then: (port: number) => Promise<void>): Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await then((server.address() as AddressInfo).port);
  } finally {
    // One that is only half closed would keep the server open.
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

const probe = (port: number, budgetMs = 300) =>
  probeServer('library', { host: '127.0.0.1', port }, { signal: new AbortController().signal, budgetMs });

it('lets pass a server that answers, whatever it says', async () => {
  await asked(
    createHttp((_, response) => response.writeHead(403).end()),
    (port) => probe(port, 5_000),
  );
  await asked(
    createServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end(),
    ),
    (port) => probe(port, 5_000),
  );
  await asked(
    createServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end('SSH-2.0-x\r\n'),
    ),
    (port) => probe(port, 5_000),
  );
});

it('blames nobody for one that is not there, or that says nothing', async () => {
  let free = 0;
  await asked(createServer(), async (port) => {
    free = port;
  });
  await expect(probe(free)).rejects.toMatchObject({ code: 'source-unreachable', blame: 'environment' });
  await asked(
    createServer((socket) => void socket.on('error', () => {}).resume()),
    async (port) => {
      await expect(probe(port)).rejects.toThrow(/took the connection, but said nothing for 0.3 s/);
    },
  );
});
