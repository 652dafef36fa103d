import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a server does when it is asked for a path. */
export type Answer = Uint8Array | ((response: ServerResponse) => void);

/** A running server of GitHub's layout. */
export interface ReleaseServer {
  readonly url: string;
  /** The paths that it was asked for, in order. */
  readonly asked: readonly string[];
}

/** Serves one release for as long as the test lasts; what it does not know is 404. */
export async function serveRelease(base: string, answers: Readonly<Record<string, Answer>>): Promise<ReleaseServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const answer = answers[(request.url ?? '').slice(base.length + 1)];
    if (!request.url?.startsWith(base) || !answer) response.writeHead(404).end();
    else if (typeof answer === 'function') answer(response);
    else response.writeHead(200, { 'content-length': answer.length }).end(answer);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
