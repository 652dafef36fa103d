import type { V1ResourceRequirements } from '@kubernetes/client-node';
import type { Part } from './labels.ts';

/** What pods ask for is small, so that a whole drill fits on one node of two cores; what they may use is what tools need. */
const REQUESTS = { cpu: '10m', memory: '32Mi' };
/** Of the node's own disk, beside the volumes: an archive that unpacks to more than it should must not fill a node. */
const MOST_DISK: Readonly<Record<RunningPart, string>> = {
  job: '20Gi',
  service: '4Gi',
  'volume-agent': '4Gi',
  probe: '1Gi',
};
const ASKED_DISK = '1Mi';
const MOST_CPU = '4';
const MOST_MEMORY: Readonly<Record<RunningPart, string>> = {
  job: '2Gi',
  service: '2Gi',
  'volume-agent': '1Gi',
  probe: '512Mi',
};

type RunningPart = Exclude<Part, 'volume'>;

/** How much memory jobs and servers may use, as Kubernetes writes quantities; what is left out has a default. */
export interface MemoryLimits {
  readonly job?: string;
  readonly service?: string;
}

/** What containers of a part of a run may use. */
export function resourcesOf(
  part: Part,
  { memory = {}, untrusted = false }: { memory?: MemoryLimits; untrusted?: boolean } = {},
): V1ResourceRequirements {
  const running = part === 'volume' ? 'probe' : part;
  const limits = { cpu: MOST_CPU, memory: { ...MOST_MEMORY, ...memory }[running] };
  if (!untrusted) return { requests: REQUESTS, limits };
  // Without a request of its own the limit would be taken for one.
  const disk = 'ephemeral-storage';
  return { requests: { ...REQUESTS, [disk]: ASKED_DISK }, limits: { ...limits, [disk]: MOST_DISK[running] } };
}
