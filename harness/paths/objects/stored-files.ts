import type { JobReport, Step } from '../../model/job.ts';
import type { PathContext, Receipt } from '../../model/path.ts';

/** A step that prints the SHA-256 of files as the job sees them, to be read by `storedReceipt`. */
export function digestStep(cwd: string, ...files: string[]): Step {
  return { program: 'sha256sum', args: ['--', ...files], cwd };
}

/** The job of a backup that has digested its files and uploaded them under `prefix`, which is how it is found again. */
export interface StoredBackup {
  readonly path: string;
  readonly startedAt: Date;
  readonly report: JobReport;
  readonly prefix: string;
  /** How the path finds it again; the prefix when left out. */
  readonly id?: string;
}

/** The receipt of such a backup: what was stored, with sizes and digests, and the time that it is filed under. */
export async function storedReceipt(
  context: PathContext,
  { path, startedAt, report, prefix, id = prefix }: StoredBackup,
  details: Receipt['details'],
): Promise<Receipt> {
  return receiptOf(context, path, startedAt, [report], {
    id,
    objects: await storedObjects(context, prefix, report),
    details: { ...details, at: context.at.toISOString() },
  });
}

async function storedObjects(context: PathContext, prefix: string, report: JobReport): Promise<Receipt['objects']> {
  const sizes = new Map<string, number>();
  for await (const { key, sizeBytes } of context.bucket.list(prefix)) sizes.set(key, sizeBytes);
  const digests = report.steps
    .filter(({ program }) => program === 'sha256sum')
    .flatMap(({ stdout }) => stdout.trim().split('\n'));
  return digests.map((line) => {
    const [sha256 = '', name = ''] = line.split(/\s+[*]?(.*)/s);
    const key = `${prefix}${name}`;
    return { key, sizeBytes: sizes.get(key) ?? -1, sha256 };
  });
}

/** A receipt of a job that has just run. */
export function receiptOf(
  context: PathContext,
  path: string,
  startedAt: Date,
  reports: readonly JobReport[],
  made: Pick<Receipt, 'id' | 'objects' | 'details'>,
): Receipt {
  const versions = new Map(
    reports.flatMap(({ steps }) => steps.map(({ program, version }) => [program, version] as const)),
  );
  return {
    path,
    component: context.component,
    startedAt: startedAt.toISOString(),
    endedAt: new Date().toISOString(),
    tools: [...versions].map(([program, version]) => ({ program, version })),
    ...made,
  };
}

/** A time as part of a name: `20261121T093000`. */
export function stamp(at: Date): string {
  return at.toISOString().replace(/[-:]/g, '').slice(0, 15);
}
