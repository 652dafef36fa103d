import type { Address } from '../../model/drill.ts';
import { Secret } from '../../model/secret.ts';
import type { PlaceConfig } from './place-config.ts';

const HTTPS = 443;
const SSH = 22;
const PORTS: Readonly<Record<string, number>> = { http: 80, https: HTTPS, sftp: SSH };
/** What restic puts before an address, and what follows: a URL, or a host alone. */
const KIND = /^(s3|rest|sftp|rclone|b2|azure|gs|swift):/;
/** What restic's own word for them stands for, instead of a host. */
const PROVIDERS: ReadonlySet<string> = new Set(['rclone', 'b2', 'azure', 'gs', 'swift']);
const URL_LIKE = /^(\w+):\/\/(?:[^/@]*@)?(\[[^\]]+\]|[^/:]+)(?::(\d+))?/;
const HOST_LIKE = /^(?:[^/@:]+@)?(\[[^\]]+\]|[^/:]+)(?::(\d+))?/;

/** Where a place of the configuration is on the network; undefined for a folder of this machine. */
export function addressOf({ restic, bucket, server }: PlaceConfig): Address | undefined {
  if (server) return { host: server.host, port: server.port };
  if (bucket) return inUrl(bucket.endpoint);
  if (!restic) return undefined;
  const { repository } = restic;
  const text = repository instanceof Secret ? repository.reveal() : repository;
  if (/^sftp:\/\//.test(text)) return inUrl(text);
  const [prefix, kind = ''] = KIND.exec(text) ?? [];
  if (prefix === undefined) return undefined;
  const rest = text.slice(prefix.length);
  // The others are services of providers, whose names restic knows by itself.
  if (!['s3', 'rest', 'sftp'].includes(kind)) return { host: kind, port: HTTPS };
  return inUrl(rest) ?? inHost(rest, kind === 'sftp' ? SSH : HTTPS);
}

/** The servers of the components that can be asked from here; what is behind a proxy, or a provider's, cannot. */
export function serversOf(
  places: Readonly<Record<string, PlaceConfig | undefined>>,
  env: NodeJS.ProcessEnv = process.env,
): Record<string, Address> {
  const found = Object.entries(places).flatMap(([component, place]) => {
    const address = place && addressOf(place);
    const names = [...Object.keys(env), ...Object.keys(place?.restic?.env ?? {})];
    // Postgres is asked by no proxy.
    const isBehindProxy = !place?.server && names.some((name) => /^(https?|all)_proxy$/i.test(name));
    if (!address || isBehindProxy || PROVIDERS.has(address.host)) return [];
    return [[component, address] as const];
  });
  return Object.fromEntries(found);
}

/** Whether a host is the machine itself that asks. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(host);
}

function inUrl(text: string): Address | undefined {
  const [, scheme = '', host, port] = URL_LIKE.exec(text) ?? [];
  return host === undefined ? undefined : { host, port: Number(port ?? PORTS[scheme] ?? HTTPS) };
}

function inHost(text: string, usual: number): Address | undefined {
  const [, host, port] = HOST_LIKE.exec(text) ?? [];
  return host === undefined ? undefined : { host, port: Number(port ?? usual) };
}
