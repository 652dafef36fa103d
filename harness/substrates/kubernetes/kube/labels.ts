import { createHash } from 'node:crypto';
import { RUN_LABEL } from '../../local/docker/containers.ts';

/** What a pod is there for. */
export const PART_LABEL = 'restore-drill.part';
/** When whatever is still there may go. */
export const EXPIRES_ANNOTATION = 'restore-drill.expires';

const PREFIX = 'drill-';
const NAME_CHARS = 10;
const LABEL_CHARS = 63;

export type Part = 'keeper' | 'service' | 'job' | 'probe' | 'volume';

/** A name for what belongs to a run, as short as Docker and Kubernetes want it. */
export function nameOfRun(runId: string): string {
  return `${PREFIX}${createHash('sha256').update(runId).digest('hex').slice(0, NAME_CHARS)}`;
}

/** The name of the nth cluster or namespace of a run: there is another one when a disaster has taken the first. */
export function nameOfPlace(runId: string, nth: number): string {
  return nth === 1 ? nameOfRun(runId) : `${nameOfRun(runId)}-${nth}`;
}

/** The Docker network of a cluster: that of its run, so that what is beside one cluster is beside the next. */
export function networkOf(cluster: string): string {
  return cluster.slice(0, PREFIX.length + NAME_CHARS);
}

/** The labels of everything that a run makes in a cluster. */
export function labelsOf(runId: string, part: Part): Record<string, string> {
  const value = runId.replaceAll(/[^\w.-]/g, '-').slice(-LABEL_CHARS);
  return { [RUN_LABEL]: value.replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, ''), [PART_LABEL]: part };
}
