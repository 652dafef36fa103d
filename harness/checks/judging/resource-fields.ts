import type { ResourceObject } from '../../model/manifest.ts';

/** What the API server or a controller writes by itself, and a namespace, which a restore changes on purpose. */
const SET_BY_SERVER: readonly RegExp[] = [
  /^status(\.|$)/,
  /^metadata\.(namespace|uid|resourceVersion|generation|creationTimestamp|managedFields|selfLink)(\.|\[|$)/,
  /^metadata\.finalizers\[\d+\]$/,
  /^metadata\.annotations\["(kubectl\.kubernetes\.io\/last-applied-configuration|deployment\.kubernetes\.io\/revision)"\]$/,
  /^metadata\.annotations\["(pv|volume|volume\.beta)\.kubernetes\.io\//,
];

/** The same for fields that only one kind has. */
const SET_BY_SERVER_IN: Readonly<Record<string, RegExp>> = {
  Service: /^spec\.(ipFamilies\[\d+\]|ipFamilyPolicy|healthCheckNodePort|ports\[\d+\]\.nodePort)$/,
  PersistentVolumeClaim: /^spec\.volumeName$/,
};

/** An address that the server has chosen; `None` is a choice of the user. */
const CLUSTER_IP = /^spec\.clusterIPs?(\[\d+\])?$/;
const PLAIN_KEY = /^[A-Za-z_][\w-]*$/;

/** The fields of a resource that somebody has set, by path, each as JSON; what the server sets itself is left out. */
export function fieldsOf({ manifest }: ResourceObject): Map<string, string> {
  const kind = String(manifest.kind);
  const fields = new Map<string, string>();
  for (const [path, value] of leaves(manifest, '')) if (!isServers(kind, path, value)) fields.set(path, value);
  return fields;
}

function isServers(kind: string, path: string, value: string): boolean {
  if (SET_BY_SERVER.some((pattern) => pattern.test(path))) return !isOwnFinalizer(path, value);
  if (kind === 'Service' && CLUSTER_IP.test(path)) return value !== '"None"';
  return SET_BY_SERVER_IN[kind]?.test(path) ?? false;
}

function isOwnFinalizer(path: string, value: string): boolean {
  return path.startsWith('metadata.finalizers') && !/^"kubernetes\.io\/[\w-]+-protection"$/.test(value);
}

/** An empty map says something, such as `emptyDir: {}`; null says as little as none. */
function* leaves(value: unknown, path: string): Generator<[string, string]> {
  if (value === null || value === undefined) return;
  if (typeof value !== 'object' || Object.keys(value).length === 0) yield [path, JSON.stringify(value)];
  else if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* leaves(item, `${path}[${i}]`);
  else for (const [key, item] of Object.entries(value)) yield* leaves(item, path + segment(key, path === ''));
}

function segment(key: string, isFirst: boolean): string {
  if (!PLAIN_KEY.test(key)) return `[${JSON.stringify(key)}]`;
  return isFirst ? key : `.${key}`;
}
