import type { JobReport } from '../../model/job.ts';
import type { Receipt } from '../../model/path.ts';
import type { SourceContext, SourceKind } from '../../model/source.ts';

/** What a source says of the backup that it has restored. Whatever it wrote down itself is a claim, never a proof. */
export function receiptOf(
  context: Pick<SourceContext<SourceKind>, 'component'>,
  path: string,
  reports: readonly JobReport[],
  found: { readonly id: string; readonly madeAt: string; readonly details: Receipt['details'] },
): Receipt {
  const versions = new Map(reports.flatMap(({ steps }) => steps.map((step) => [step.program, step.version] as const)));
  return {
    path,
    component: context.component,
    id: found.id,
    startedAt: found.madeAt,
    endedAt: found.madeAt,
    tools: [...versions].map(([program, version]) => ({ program, version })),
    objects: [],
    details: found.details,
  };
}
