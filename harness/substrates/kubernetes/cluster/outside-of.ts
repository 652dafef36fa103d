import { lookup } from 'node:dns/promises';
import type { Outside } from '../core/kube/walls.ts';
import type { SandboxOptions } from '../core/sandbox.ts';

const PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };
const WHOLE = { 4: 32, 6: 128 } as Record<number, number>;

/** The addresses of an S3 server that is there already, for the walls of the namespace; none when the drill starts its own. */
export async function outsideOf(s3: SandboxOptions['s3']): Promise<Outside[]> {
  if (s3 === undefined || typeof s3 === 'string') return [];
  const { hostname, port, protocol } = new URL(s3.endpoint);
  const found = await lookup(hostname.replaceAll(/[[\]]/g, ''), { all: true });
  return found.map(({ address, family }) => ({
    cidr: `${address}/${WHOLE[family]}`,
    port: Number(port) || (PORTS[protocol] ?? 0),
  }));
}
