import type { V1ResourceRequirements } from '@kubernetes/client-node';
import type { Part } from './labels.ts';

/** What pods ask for is small, so that a whole drill fits on one node of two cores; what they may use is what tools need. */
const REQUESTS = { cpu: '10m', memory: '32Mi' };
const MOST_CPU = '4';
const MOST_MEMORY: Readonly<Record<RunningPart, string>> = {
  job: '2Gi',
  service: '2Gi',
  keeper: '1Gi',
  probe: '512Mi',
};

type RunningPart = Exclude<Part, 'volume'>;

/** How much memory jobs and servers may use, as Kubernetes writes quantities; what is left out has a default. */
export interface MemoryLimits {
  readonly job?: string;
  readonly service?: string;
}

/** What containers of a part of a run may use. */
export function resourcesOf(part: Part, memory: MemoryLimits = {}): V1ResourceRequirements {
  const running = part === 'volume' ? 'probe' : part;
  const most = { ...MOST_MEMORY, ...memory }[running];
  return { requests: REQUESTS, limits: { cpu: MOST_CPU, memory: most } };
}
