import { NetworkingV1Api, type V1NetworkPolicy } from '@kubernetes/client-node';
import { REACHES_OUT } from '../job/job-manifest.ts';
import type { Kube } from './kube.ts';

const DNS_PORT = 53;
/** Where a cache of names on every node listens, by convention. */
const NODE_LOCAL_DNS = '169.254.20.10/32';
/** What clouds and nodes tell whoever asks from within, credentials among it: no backup lies there. */
const ANYWHERE = [
  { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] },
  { cidr: '::/0', except: ['fe80::/10', 'fd00:ec2::254/128'] },
];

/** An address outside of the cluster that jobs may speak to. */
export interface Outside {
  readonly cidr: string;
  readonly except?: readonly string[];
  readonly port: number;
}

/** A policy knows no names of hosts, so that the port of a backup is open wherever it may be. */
export function anywhere(ports: readonly number[] = []): Outside[] {
  return [...new Set(ports)].flatMap((port) => ANYWHERE.map((block) => ({ ...block, port })));
}

/** Where the pods of a run may speak to, and who may speak to them. */
export interface Walls {
  readonly outside?: readonly Outside[];
  /** Only jobs that say so may speak to what is outside; otherwise all pods may. */
  readonly untrusted?: boolean | undefined;
  /** Who is outside of the namespace may speak to its servers, as where they are reached through ports of the node. */
  readonly entered?: boolean;
}

/** Pods of a run speak to each other, ask for names, and reach a backup store outside; nothing else in either direction. */
export function networkPolicies({ outside = [], untrusted = false, entered = false }: Walls): V1NetworkPolicy[] {
  const own = { podSelector: {} };
  const dns = ['UDP', 'TCP'].map((protocol) => ({ protocol, port: DNS_PORT }));
  const names = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } };
  const within = [{ to: [own] }, { to: [names, { ipBlock: { cidr: NODE_LOCAL_DNS } }], ports: dns }];
  const beyond = outside.map(({ cidr, except = [], port }) => ({
    to: [{ ipBlock: { cidr, ...(except.length > 0 && { except: [...except] }) } }],
    ports: [{ protocol: 'TCP', port }],
  }));
  const walls: V1NetworkPolicy = {
    metadata: { name: 'restore-drill' },
    spec: {
      podSelector: {},
      policyTypes: [...(entered ? [] : ['Ingress']), 'Egress'],
      ...(!entered && { ingress: [{ _from: [own] }] }),
      egress: untrusted ? within : [...within, ...beyond],
    },
  };
  if (!untrusted || beyond.length === 0) return [walls];
  const gate: V1NetworkPolicy = {
    metadata: { name: 'restore-drill-outside' },
    spec: { podSelector: { matchLabels: REACHES_OUT }, policyTypes: ['Egress'], egress: beyond },
  };
  return [walls, gate];
}

/** Builds the walls of a namespace, before anything runs in it. */
export async function buildWalls(kube: Kube, walls: Walls): Promise<void> {
  const networking = kube.config.makeApiClient(NetworkingV1Api);
  const { namespace } = kube;
  for (const body of networkPolicies(walls))
    await kube.make(() => networking.createNamespacedNetworkPolicy({ namespace, body }));
}
