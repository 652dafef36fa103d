import { RUN_LABEL } from '../../../../machine/docker/containers.ts';

/** What a pod is there for. */
export const PART_LABEL = 'restore-drill.part';
/** When whatever is still there may go. */
export const EXPIRES_ANNOTATION = 'restore-drill.expires';

const LABEL_CHARS = 63;

export type Part = 'volume-agent' | 'service' | 'job' | 'probe' | 'volume';

/** The labels of everything that a run makes in a cluster. */
export function labelsOf(runId: string, part: Part): Record<string, string> {
  const value = runId.replaceAll(/[^\w.-]/g, '-').slice(-LABEL_CHARS);
  return { [RUN_LABEL]: value.replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, ''), [PART_LABEL]: part };
}
