import { type Command, Option } from 'commander';
import type { Drill } from '../model/drill.ts';
import { DrillError } from '../model/error.ts';
import { type ClusterOptions, withClusterOptions } from './cluster-options.ts';
import { loadDisaster } from './load-disaster.ts';
import { loadDrill } from './load-drills.ts';
import { duration, wholeNumber } from './numbers.ts';
import { SUBSTRATES, type SubstrateName } from './open-substrate.ts';
import { changeDrill } from './resize-drill.ts';

/** Options of every command that takes a drill apart or runs it. */
export interface DrillOptions extends ClusterOptions {
  readonly assets?: number;
  readonly users?: number;
  readonly seed?: number;
  readonly photoKib?: number;
  readonly on: SubstrateName;
  readonly only: string[];
  readonly rto?: string;
  readonly rpo?: string;
  readonly disaster?: string;
  readonly immichImage?: string;
}

/** The drill by its name, with what the options change of it. */
export async function drillWith(name: string, options: DrillOptions): Promise<Drill> {
  const { assets, users, seed, photoKib } = options;
  const scale = Object.fromEntries(
    Object.entries({ assets, users, seed, photoKib }).filter(([, value]) => value !== undefined),
  );
  const { rto, rpo, only, immichImage: image } = options;
  if (image !== undefined && options.on === 'local') throw needsCluster(image);
  return changeDrill(await loadDrill(name), {
    scale,
    only,
    ...(rto !== undefined && { rto }),
    ...(rpo !== undefined && { rpo }),
    ...(image !== undefined && { image }),
    ...(options.disaster !== undefined && { disaster: await loadDisaster(options.disaster) }),
  });
}

function needsCluster(image: string): DrillError {
  return new DrillError({
    code: 'image-needs-cluster',
    where: 'cli',
    what: `The image ${image} was asked for, and on this machine itself no images are run.`,
    next: 'add `--on kind`, or leave --immich-image out for the stand-in.',
    blame: 'usage',
  });
}

/** Adds those options to a command. */
export function withDrillOptions(command: Command): Command {
  const full = command
    .option('--assets <n>', 'assets in the synthetic library', wholeNumber(1))
    .option('--users <n>', 'users who own them', wholeNumber(1))
    .option('--seed <n>', 'the same number gives the same library', wholeNumber(0))
    .option('--photo-kib <n>', 'size of an ordinary photo in KiB', wholeNumber(8))
    .addOption(new Option('--on <substrate>', 'where it runs').choices(SUBSTRATES).default('local'))
    .option(
      '--only <component>',
      'protect only this component (may be given again)',
      (one, all: string[]) => [...all, one],
      [],
    )
    .option('--disaster <name>', "another disaster than the drill's own, such as lose-cluster")
    .option('--immich-image <image>', 'the real server to start on what was restored, on a cluster; else a stand-in')
    .option('--rto <duration>', 'objective for the whole, such as 2h', duration)
    .option('--rpo <duration>', 'objective for the whole, such as 24h', duration);
  return withClusterOptions(full);
}
