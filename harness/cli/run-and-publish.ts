import { type Keep, type RunOptions, runDrill } from '../engine/engine.ts';
import type { ResumableRun } from '../existing/batches/resumable-run.ts';
import { ownBackups } from '../existing/configuration/own-backups.ts';
import type { UpgradeTo } from '../existing/configuration/plug-in.ts';
import { DrillError } from '../model/error.ts';
import { DRILL_PHASES, PHASES, type RunResult } from '../model/result.ts';
import { type DrillOptions, drillWith } from './drill-options.ts';
import { onInterrupt } from './interrupt.ts';
import { lastPassed } from './last-passed.ts';
import { onCrash } from './on-crash.ts';
import { openSubstrate } from './open-substrate.ts';
import { ownChoices } from './own-options.ts';
import { openProgress } from './progress.ts';
import { publish } from './publish.ts';
import { runsFolder } from './run-store.ts';
import type { StoreChoice } from './store-option.ts';

/** How a command runs a drill. */
export interface RunAndPublishOptions extends DrillOptions {
  readonly keep: Keep;
  readonly s3?: StoreChoice;
  readonly history?: string;
  /** A file that describes backups of one's own: the drill is one of those. */
  readonly config?: string;
  /** Of those backups only one asset is asked for. */
  readonly asset?: { readonly id?: string };
  /** How many bytes of disk the run may use at once, and how many files a batch may have. */
  readonly maxDisk?: number;
  readonly batchFiles?: number;
  /** What there is now is right, however much less it is than in the last run that passed. */
  readonly acceptDrops?: boolean;
  /** The run that was cut short and that this one goes on with. */
  readonly resumes?: ResumableRun;
  /** A newer version is started on those backups. */
  readonly upgrade?: UpgradeTo;
}

interface Prepared {
  /** Starts a run of whatever kind, once everything that it needs is at hand. */
  begin(options: RunOptions): Promise<RunResult>;
  /** Of the server that it starts, where it is that of an image. */
  readonly image?: string;
}

async function withDrill(name: string, options: RunAndPublishOptions): Promise<Prepared> {
  const { maxDisk, batchFiles } = options;
  if (maxDisk !== undefined || batchFiles !== undefined)
    throw new DrillError({
      code: 'max-disk-needs-config',
      where: 'cli',
      what: '--max-disk and --batch-files are for your own backups; a synthetic drill makes its library itself.',
      next: 'name your backups with --config, or make the library smaller: `drill run <name> --help` says how.',
      blame: 'usage',
    });
  const drill = await drillWith(name, options);
  const { image } = ownChoices(drill, options);
  return { begin: (given) => runDrill(drill, given), ...(image !== undefined && { image }) };
}

/** Runs a drill with progress on stderr, writes its reports and its line in the history; gives what could not be written. */
export async function runAndPublish(
  name: string,
  options: RunAndPublishOptions,
): Promise<{ result: RunResult; problems: readonly string[] }> {
  const { begin, image = options.upgrade?.image }: Prepared =
    options.config === undefined
      ? await withDrill(name, options)
      : {
          begin: await ownBackups(name, options.config, {
            ...options,
            runsFolder: runsFolder(),
            lastPassed: (drill) => lastPassed(drill, options.history),
          }),
        };
  // First: what is wrong with an option is told before anything starts.
  const open = openSubstrate({
    ...{ on: options.on, s3: options.s3, options, onNote: (line) => progress.note(line) },
    images: image === undefined ? [] : [image],
  });
  const interrupt = onInterrupt();
  const progress = openProgress(options.upgrade ? PHASES : DRILL_PHASES);
  const crash = onCrash();
  const secrets = typeof options.s3 === 'object' ? [options.s3.accessKey, options.s3.secretKey] : [];
  let result: RunResult;
  try {
    result = await begin({
      runsFolder: runsFolder(),
      keep: options.keep,
      signal: AbortSignal.any([interrupt.signal, crash.signal]),
      secrets,
      listener: progress,
      openSubstrate: open,
    });
  } finally {
    // Whatever happens, the terminal and what answers signals are as they were.
    await progress.over().catch(() => {});
    crash.release();
    interrupt.release();
  }
  // With another disaster it proves something else than the drill does.
  const partial = options.only.length > 0 || options.disaster !== undefined;
  return await publish(result, { partial, ...(options.history && { history: options.history }) });
}
