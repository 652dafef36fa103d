import { resolve } from 'node:path';
import type { RunOptions } from '../../engine/engine.ts';
import { processStart } from '../../machine/processes/process-table.ts';
import { workRoot } from '../../machine/work-folders/work-root.ts';
import type { Rehearsal } from '../../model/drill.ts';
import { DrillError } from '../../model/error.ts';
import type { RunResult } from '../../model/result.ts';
import type { ResumableRun } from '../batches/resumable-run.ts';
import { runRehearsal, runUpgrade } from '../run-existing.ts';
import { loadConfig } from './load-config.ts';
import type { LastPassed, OwnDrill, UpgradeTo } from './plug-in.ts';
import { refuseOutOfReach } from './refuse-out-of-reach.ts';
import { refuseToWriteInto } from './refuse-to-write-into.ts';

/** What the command line may change of a drill of one's own backups. */
export interface OwnOptions {
  readonly on: string;
  readonly rto?: string;
  readonly rpo?: string;
  /** Only one asset is asked for: the one with this id, or any. */
  readonly asset?: { readonly id?: string };
  /** Where runs are written to. */
  readonly runsFolder: string;
  /** Looks up what the last run has counted that passed. */
  lastPassed?(drill: string): Promise<LastPassed | undefined>;
  /** How much disk to use at once: the library is restored in batches that fit. */
  readonly maxDisk?: number;
  readonly batchFiles?: number;
  /** What there is now is not compared with what the last run that passed has counted. */
  readonly acceptDrops?: boolean;
  readonly resumes?: ResumableRun;
  /** A newer version is started on what was restored. */
  readonly upgrade?: UpgradeTo;
}

/** The drill of that name in a configuration file, ready to run. */
export async function ownBackups(
  name: string,
  file: string,
  options: OwnOptions,
): Promise<(options: RunOptions) => Promise<RunResult>> {
  const { on, rto, rpo, resumes } = options;
  const own = await ownDrill(name, file);
  const { config, plugIn } = own;
  const upgraded = options.upgrade && able(plugIn.upgradeOf?.(name, config, options.upgrade), own, 'upgrades');
  const last = options.asset || upgraded ? undefined : await lastOf(name, options);
  const rehearsal = upgraded ?? chosen(name, resumes ? pinned(own, resumes) : own, file, options, last);
  refuseOutOfReach(Object.values(plugIn.placesOf(config)), rehearsal.readsFrom, on);
  refuseToWriteInto(rehearsal.readsFrom, [options.runsFolder, workRoot()]);
  if (upgraded) return (options) => runUpgrade(upgraded, options);
  const objectives = { ...rehearsal.objectives, ...(rto !== undefined && { rto }), ...(rpo !== undefined && { rpo }) };
  return (given) => runRehearsal({ ...rehearsal, objectives }, given);
}

/** The drill of that name in a configuration file. */
export async function ownDrill(name: string, file: string): Promise<OwnDrill> {
  const drills = await loadConfig(file);
  const own = drills[name];
  if (own) return own;
  throw usage(
    'drill-unknown',
    `${file} describes no drill "${name}".`,
    `choose one of: ${Object.keys(drills).join(', ')}.`,
  );
}

/** What to compare with: drops that are accepted are compared with nothing from before now. */
async function lastOf(name: string, { acceptDrops, lastPassed }: OwnOptions): Promise<LastPassed | undefined> {
  if (acceptDrops) return { run: '--accept-drops', startedAt: new Date().toISOString(), counts: {} };
  return await lastPassed?.(name);
}

function chosen(
  name: string,
  own: OwnDrill,
  file: string,
  options: OwnOptions,
  last: LastPassed | undefined,
): Rehearsal {
  const { asset, maxDisk, batchFiles, resumes } = options;
  const { config, plugIn } = own;
  if (asset) return able(plugIn.oneOf?.(name, config, asset.id), own, 'a single file');
  if (maxDisk === undefined && batchFiles !== undefined)
    throw usage('batches-need-limit', '--batch-files was given without --max-disk.', 'add --max-disk.');
  if (maxDisk === undefined) return plugIn.rehearsalOf(name, config, last);
  if (options.on !== 'local')
    throw usage(
      'max-disk-needs-local',
      `--max-disk bounds what a run has on the disk of this machine, and --on ${options.on} restores elsewhere.`,
      'drill it with --on local, or without --max-disk.',
    );
  // What is no plain value is not for a journal: a store with its keys, the run that is gone on with.
  const asked = Object.entries(options).filter(
    ([, value]) => !['object', 'function'].includes(typeof value) || Array.isArray(value),
  );
  const batched = plugIn.inBatches?.(name, config, last, {
    maxDiskBytes: maxDisk,
    ...(batchFiles !== undefined && { maxFiles: batchFiles }),
    // Whoever goes on with it may do so from another folder, and must know whether it still runs.
    asked: { ...Object.fromEntries(asked), name, config: resolve(file), processStart: processStart(process.pid) ?? '' },
    ...(resumes && { resumes: { id: resumes.id, folder: resumes.folder } }),
  });
  return able(batched, own, 'batches');
}

function pinned({ config, plugIn }: OwnDrill, run: ResumableRun): OwnDrill {
  return { plugIn, config: plugIn.pinned?.(config, run) ?? config };
}

/** What a workload has a way to do. */
function able<Rehearsed>(rehearsal: Rehearsed | undefined, { config }: OwnDrill, what: string): Rehearsed {
  if (rehearsal !== undefined) return rehearsal;
  throw usage(
    'workload-cannot',
    `Backups of the workload ${config.workload} are drilled as a whole: it has no way for ${what}.`,
    'drill all of it with `drill run`.',
  );
}

function usage(code: string, what: string, next: string): DrillError {
  return new DrillError({ code, where: 'cli', what, next, blame: 'usage' });
}
