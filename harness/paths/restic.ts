import type { Step } from '../model/job.ts';
import type {
  BackupContext,
  BackupPath,
  InMatrix,
  PathContext,
  Receipt,
  RestoreContext,
  Retention,
} from '../model/path.ts';
import type { Secret } from '../model/secret.ts';
import { receiptOf } from './objects/stored-files.ts';

const NAME = 'restic';
const CONNECTIONS = 8;

/** How restic backs a volume up. */
export interface ResticOptions {
  /** Folders of the volume to leave out because the workload can make them again; the markers of folders are kept. */
  readonly leaveOut?: readonly string[];
  /** Whether `restic check` runs after each backup. It is recorded and proves nothing. */
  readonly check?: boolean;
}

/** Backs a volume up into an encrypted restic repository in the backup store. */
export function restic({ leaveOut = [], check = true }: ResticOptions = {}): BackupPath<'volume'> {
  return {
    name: NAME,
    protects: 'volume',
    programs: ['restic'],
    promises: {
      keeps: { mode: true, owner: true, mtime: true, emptyFolders: true },
      leavesOut: leaveOut,
      quiesce: false,
    },
    options: { leaveOut, check },
    backup: (context) => backup(context, leaveOut, check),
    restore,
    retain,
  };
}

async function backup(context: BackupContext<'volume'>, leaveOut: readonly string[], check: boolean): Promise<Receipt> {
  const startedAt = new Date();
  const { source } = context;
  const isNew = !(await hasRepository(context));
  const report = await context.run({
    name: `${context.component}.backup`,
    volumes: [{ volume: source, readOnly: true }],
    steps: () => [
      ...(isNew ? [call(context, ['init'])] : []),
      call(context, [
        ...['backup', '--json', '--host', 'drill', '--tag', context.component, '--time', localTime(context.at)],
        ...leaveOut.flatMap((folder) => [
          ...['--exclude', `${source.path}/${folder}/*`],
          ...context.folderMarkers.flatMap((marker) => ['--exclude', `!${source.path}/${folder}/${marker}`]),
        ]),
        source.path,
      ]),
      ...(check ? [call(context, ['check'])] : []),
    ],
  });
  const summary = backupSummary(report.steps.map(({ stdout }) => stdout).join('\n'));
  return receiptOf(context, NAME, startedAt, [report], {
    id: summary.snapshot_id,
    objects: [],
    details: {
      sourcePath: source.path,
      files: summary.total_files_processed,
      sizeBytes: summary.total_bytes_processed,
      addedBytes: summary.data_added_packed,
      at: context.at.toISOString(),
    },
  });
}

async function restore({ receipt, target, ...context }: RestoreContext<'volume'>): Promise<void> {
  await context.run({
    name: `${context.component}.restore`,
    volumes: [{ volume: target }],
    steps: () => [
      {
        // The snapshot's own folder is named, so that the files come to lie at the root of the new volume.
        ...call(context, ['restore', `${receipt.id}:${receipt.details.sourcePath}`, '--target', target.path]),
        phase: 'fetch',
      },
    ],
  });
}

async function retain(context: PathContext, retention: Retention): Promise<string[]> {
  const keep = Object.entries(retention).flatMap(([rule, count]) => [`--keep-${rule}`, String(count)]);
  const report = await context.run({
    name: `${context.component}.retention`,
    volumes: [],
    steps: () => [
      call(context, ['forget', '--group-by', 'host', ...keep, '--prune']),
      call(context, ['snapshots', '--json']),
    ],
  });
  const snapshots = JSON.parse(report.steps.at(-1)?.stdout ?? '[]') as { id: string }[];
  return snapshots.map(({ id }) => id);
}

async function hasRepository(context: PathContext): Promise<boolean> {
  for await (const { key } of context.bucket.list(`${prefix(context)}/config`)) if (key) return true;
  return false;
}

function call(context: Pick<PathContext, 'bucket' | 'component' | 'secret'>, args: string[]): Step {
  const { bucket } = context;
  const env: Record<string, string | Secret> = {
    RESTIC_REPOSITORY: `s3:${bucket.endpoint}/${bucket.name}/${prefix(context)}`,
    RESTIC_PASSWORD: context.secret('restic-password'),
    AWS_ACCESS_KEY_ID: bucket.accessKey,
    AWS_SECRET_ACCESS_KEY: bucket.secretKey,
    AWS_DEFAULT_REGION: bucket.region,
    RESTIC_PROGRESS_FPS: '0.1',
  };
  return { program: 'restic', args: ['--option', `s3.connections=${CONNECTIONS}`, ...args], env };
}

function prefix({ component }: Pick<PathContext, 'component'>): string {
  return `restic/${component}`;
}

/** restic reads `--time` in its own time zone, which jobs set to UTC. */
function localTime(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ');
}

interface Summary {
  readonly message_type: 'summary';
  readonly snapshot_id: string;
  readonly total_files_processed: number;
  readonly total_bytes_processed: number;
  readonly data_added_packed: number;
}

function backupSummary(stdout: string): Summary {
  const lines = stdout.split('\n').filter((line) => line.includes('"message_type":"summary"'));
  const last = lines.at(-1);
  if (!last) throw new Error('restic backup ended well, but said no summary');
  return JSON.parse(last) as Summary;
}

/** How sabotage tries it. */
export const inMatrix: InMatrix = { rank: 1, forFirst: [restic()] };
