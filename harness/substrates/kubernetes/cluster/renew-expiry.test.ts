import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { Kube } from '../core/kube/kube.ts';
import { renewExpiry } from './renew-expiry.ts';

const SOON_MS = 20;
const DAY_MS = 24 * 3_600_000;

it('puts off the end of a namespace again and again, until its run is disposed of', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drill-renew-'));
  const asked: { method: string | undefined; url: string | undefined; body: string }[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    void text(request).then((body) => {
      asked.push({ method: request.method, url: request.url, body });
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ kind: 'Namespace', apiVersion: 'v1' }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const kubeconfig = join(folder, 'config');
    const cluster = {
      name: 'c',
      cluster: {
        'insecure-skip-tls-verify': true,
        server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      },
    };
    writeFileSync(
      kubeconfig,
      stringify({
        ...{ apiVersion: 'v1', kind: 'Config', clusters: [cluster], users: [{ name: 'u', user: {} }] },
        ...{ contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }], 'current-context': 'x' },
      }),
    );
    const kube = new Kube({
      kubeconfig,
      namespace: 'drill-1',
      kubectl: 'kubectl',
      signal: new AbortController().signal,
    });
    {
      using _ = renewExpiry(kube, SOON_MS);
      await expect.poll(() => asked.length).toBeGreaterThan(1);
    }
    const [first] = asked;
    expect(first).toMatchObject({ method: 'PATCH', url: '/api/v1/namespaces/drill-1' });
    const { metadata } = JSON.parse(first?.body ?? '') as { metadata: { annotations: Record<string, string> } };
    const until = Date.parse(metadata.annotations['restore-drill.expires'] ?? '');
    expect(until - Date.now()).toBeGreaterThan(DAY_MS - 60_000);
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
