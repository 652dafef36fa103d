import { createHash } from 'node:crypto';

const PREFIX = 'drill-';
const NAME_CHARS = 10;

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
