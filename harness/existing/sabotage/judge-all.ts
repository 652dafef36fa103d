import pMap from 'p-map';
import type { Part } from '../../engine/made.ts';
import type { Run } from '../../engine/run.ts';
import { RunFolder } from '../../engine/run-folder.ts';
import type { Reference } from '../../model/manifest.ts';
import type { OwnHealthy, OwnWay, OwnWayLeftOut } from '../../model/own-sabotage-result.ts';
import type { RunResult } from '../../model/result.ts';
import { World } from '../../model/target.ts';
import type { LastPassed, OwnDrill } from '../configuration/plug-in.ts';
import { openingContext } from '../restore/restore-one.ts';
import { type Copied, copyBackup } from './copy-backup.ts';
import { drillCopy } from './drill-copy.ts';
import { type Bench, countedBy, healthyOf, judgeWay } from './judge-way.ts';
import type { BackupCopy, CopyFolders, OwnSabotage, OwnSabotages } from './own-sabotage.ts';
import type { OwnSabotageOptions } from './own-sabotage-options.ts';

/** What was found on the way. */
export interface Found {
  copied?: Copied;
  healthy?: OwnHealthy;
  readonly ways: OwnWay[];
  readonly leftOut: OwnWayLeftOut[];
  /** Ways that could not be tried, each with why. */
  readonly troubles: string[];
}

/** Whose backup is ruined, how, and what was found. */
export interface Judging {
  readonly own: OwnDrill;
  readonly sabotages: OwnSabotages;
  readonly options: OwnSabotageOptions;
  readonly found: Found;
}

/** Fetches the copy, drills it as it is, and then in every way that fits; what was found is noted as it comes. */
export async function judgeAll(
  run: Run,
  made: Part<'opened' | 'watched'>,
  { own, sabotages, options, found }: Judging,
): Promise<string> {
  const { listener, signal, maxBytes, jobs, ways } = options;
  const contextOf = (component: string) =>
    openingContext(run, made, component, { restored: new World([]), attempt: { onTheWay: [] } });
  listener.note('fetching a copy of the backup');
  const copied = await copyBackup(contextOf, sabotages.sourcesOf(own.config), maxBytes);
  found.copied = copied;
  const drill = (name: string, folders: CopyFolders, last?: LastPassed) =>
    drillCopy(name, own, sabotages, { folders, options, ...(last && { last }) });
  const { media, dumps } = copied.volumes;
  listener.note('drilling the copy as it is');
  const healthy = await drill('healthy', { media: media.path, dumps: dumps.path });
  signal.throwIfAborted();
  found.healthy = healthyOf(healthy);
  if (!found.healthy.passed) return 'the copy as it is does not pass';
  const copy = { ...copied.copy, tracked: await trackedBy(healthy, sabotages.database, copied) };
  const bench: Bench = {
    ...{ context: contextOf('copy'), copied, copy },
    drill: (name, folders) => drill(name, folders, countedBy(healthy)),
  };
  const fitting = sortOut(ways, copy, found);
  listener.planned(fitting.length, found.leftOut.length);
  await pMap(fitting, (way) => tryWay(way, bench, options, found), { concurrency: jobs });
  signal.throwIfAborted();
  return `${found.ways.length} ways tried`;
}

/** One that cannot be tried keeps none of the others from it. */
async function tryWay(
  way: OwnSabotage,
  bench: Bench,
  { signal, listener }: OwnSabotageOptions,
  { ways, troubles }: Found,
): Promise<void> {
  if (signal.aborted) return;
  try {
    const judged = await judgeWay(way, bench);
    if (signal.aborted) return;
    ways.push(judged);
    listener.way(judged);
  } catch (error) {
    if (signal.aborted) return;
    troubles.push(`${way.name} could not be tried: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function sortOut(ways: readonly OwnSabotage[], copy: BackupCopy, { leftOut }: Found): OwnSabotage[] {
  return ways.filter((way) => {
    const fits = way.fits(copy);
    if (fits !== true) leftOut.push({ name: way.name, about: way.about, why: fits });
    return fits === true;
  });
}

/** The files that rows speak of and that are there, by what the drill of the healthy copy has written down. */
async function trackedBy({ run }: RunResult, database: string, { copy }: Copied): Promise<Reference[]> {
  const there = new Set(copy.files.map(({ path }) => path));
  const references = new RunFolder(run.folder).list('after', database, 'references');
  const all = references ? await Array.fromAsync(references) : [];
  return all.filter(({ path }) => there.has(path));
}
