import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server through which every request to an S3 server goes, and is noted. */
export interface RecordingProxy extends AsyncDisposable {
  readonly endpoint: string;
  /** Method and path of every request, in order. */
  readonly requests: string[];
}

/**
 * Starts it in front of a server, on loopback, or where else containers of this machine reach it. The host that was
 * signed for is passed on as it came.
 */
export async function recordRequests(to: string, host = '127.0.0.1'): Promise<RecordingProxy> {
  const requests: string[] = [];
  const server = createServer((asked, answer) => {
    requests.push(`${asked.method} ${asked.url}`);
    const { hostname, port } = new URL(to);
    const onward = request(
      { hostname, port, method: asked.method, path: asked.url, headers: asked.headers },
      (came) => {
        answer.writeHead(came.statusCode ?? 502, came.headers);
        came.pipe(answer);
      },
    );
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve);
  });
  return {
    endpoint: `http://${host}:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
