import type { ResourceObject } from './manifest.ts';

/** A resource as a person writes it: `apiVersion`, `kind`, `metadata.name` and the rest. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string } & Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** The resources of one namespace of a cluster: Deployments, Services, ConfigMaps, Secrets, claims. */
export interface Resources {
  readonly kind: 'kubernetes';
  readonly name: string;
  /** Differs for every namespace ever made. */
  readonly identity: string;
  readonly namespace: string;
  /** The version of the API server. */
  readonly version: string;
  /** Where a job that uses it finds the API server, the certificate to trust it by, and its own token. */
  readonly server: string;
  readonly caFile: string;
  readonly tokenFile: string;
  /** Every resource that somebody has made there, sorted by `id`; values of Secrets as digests. */
  list(): AsyncIterable<ResourceObject>;
  create(manifests: readonly Manifest[]): Promise<void>;
  /** The plain values of all Secrets, for whoever must know them to mask and to search for them. */
  secretValues(): Promise<readonly { readonly name: string; readonly value: string }[]>;
  exists(): Promise<boolean>;
  /** Deletes the namespace with all that is in it. */
  destroy(): Promise<void>;
}

/** What is exported and compared, in the order in which it is made: the path of its API, and its kind there. */
export const RESOURCE_KINDS: readonly { readonly kind: string; readonly api: string; readonly plural: string }[] = [
  { kind: 'ConfigMap', api: 'api/v1', plural: 'configmaps' },
  { kind: 'Secret', api: 'api/v1', plural: 'secrets' },
  { kind: 'PersistentVolumeClaim', api: 'api/v1', plural: 'persistentvolumeclaims' },
  { kind: 'Service', api: 'api/v1', plural: 'services' },
  { kind: 'StatefulSet', api: 'apis/apps/v1', plural: 'statefulsets' },
  { kind: 'Deployment', api: 'apis/apps/v1', plural: 'deployments' },
  { kind: 'Ingress', api: 'apis/networking.k8s.io/v1', plural: 'ingresses' },
];
