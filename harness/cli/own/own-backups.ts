import { DrillError } from '../../model/error.ts';
import type { RunResult } from '../../model/result.ts';
import { type RunOptions, runRehearsal } from '../../run/engine.ts';
import { workRoot } from '../../substrates/local/work-folder.ts';
import { runsFolder } from '../run-store.ts';
import { lastPassed } from './floors-of.ts';
import { loadConfig } from './load-config.ts';
import { oneAssetOf } from './one-asset-of.ts';
import { refuseToWriteInto } from './refuse-to-write-into.ts';
import { rehearsalOf } from './rehearsal-of.ts';

/** What the command line may change of a drill of one's own backups. */
export interface OwnOptions {
  readonly on: string;
  readonly rto?: string;
  readonly rpo?: string;
  /** Only one asset is asked for: the one with this id, or any. */
  readonly asset?: { readonly id?: string };
  /** Where the history is, which says what earlier runs have counted. */
  readonly history?: string;
}

/** The drill of that name in a configuration file, ready to run. */
export async function ownBackups(
  name: string,
  file: string,
  { on, rto, rpo, asset, history }: OwnOptions,
): Promise<(options: RunOptions) => Promise<RunResult>> {
  const drills = loadConfig(file);
  const config = drills[name];
  if (!config)
    throw usage(
      'drill-unknown',
      `${file} describes no drill "${name}".`,
      `choose one of: ${Object.keys(drills).join(', ')}.`,
    );
  const rehearsal = asset
    ? oneAssetOf(name, config, asset.id)
    : rehearsalOf(name, config, await lastPassed(name, history));
  if (on !== 'local' && rehearsal.readsFrom.length > 0)
    throw usage(
      'folder-out-of-reach',
      `${rehearsal.readsFrom.join(', ')} is a folder of this machine, which jobs on ${on} cannot see.`,
      'drill it with --on local, or put the backup where a network reaches it.',
    );
  refuseToWriteInto(rehearsal.readsFrom, [runsFolder(), workRoot()]);
  const objectives = { ...rehearsal.objectives, ...(rto !== undefined && { rto }), ...(rpo !== undefined && { rpo }) };
  return (options) => runRehearsal({ ...rehearsal, objectives }, options);
}

function usage(code: string, what: string, next: string): DrillError {
  return new DrillError({ code, where: 'cli', what, next, blame: 'usage' });
}
