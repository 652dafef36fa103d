import { join } from 'node:path';
import { openLocal } from '../harness/cli/open-substrate.ts';
import { loadConfig } from '../harness/existing/configuration/load-config.ts';
import { runRehearsal } from '../harness/existing/run-existing.ts';
import { type BackedUp, backUp, PASSWORD } from './back-up.ts';
import type { Benchmark, BenchOptions, Measurement } from './benchmark.ts';
import { median } from './seconds.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ASSETS = 2_000;
const PHOTO_KIB = 48;
const GOAL = 1.05;
const NAME = 'sandbox';

/** What it costs that backups of one's own are interpreted in a sandbox. */
export const sandbox: Benchmark = {
  name: NAME,
  summary: 'a drill of own backups in its sandbox against the same drill without one, in turn',
  on: 'local',
  onlyByName: false,
  run,
};

async function run(options: BenchOptions): Promise<Measurement[]> {
  await using folder = temporaryFolder();
  const assets = options.assets ?? ASSETS;
  const backed = await backUp(options, folder.path, { name: NAME, assets, photoKib: PHOTO_KIB });
  process.env.RESTIC_PASSWORD = PASSWORD.RESTIC_PASSWORD;
  const pairs: { readonly inside: number; readonly bare: number }[] = [];
  for (let pair = 0; pair < options.repeats; pair += 1) {
    options.note(`pair ${pair + 1} of ${options.repeats}`);
    pairs.push({
      inside: await drill(options, folder.path, backed, true),
      bare: await drill(options, folder.path, backed, false),
    });
  }
  const ratio = median(pairs.map(({ inside, bare }) => inside / bare));
  return [
    {
      what: `drill of ${assets} own assets, in a sandbox`,
      value: median(pairs.map(({ inside }) => inside)),
      unit: 's',
      bare: { tool: 'without one', value: median(pairs.map(({ bare }) => bare)) },
      ratio,
      goal: { text: '≤ 1.05 times as long', met: ratio <= GOAL },
    },
  ];
}

/** Seconds until the verdict. The decoder of images is sandboxed in both: only its start would differ. */
async function drill({ signal }: BenchOptions, folder: string, { config }: BackedUp, inside: boolean): Promise<number> {
  const { [NAME]: own } = await loadConfig(config);
  if (!own) throw new Error(`${config} has no drill ${NAME}`);
  const open = openLocal({ s3: 'versitygw', onNote: () => {} });
  const quiet = { phaseStarted: () => {}, phaseEnded: () => {}, step: () => {} };
  const result = await runRehearsal(own.plugIn.rehearsalOf(NAME, own.config), {
    ...{ runsFolder: join(folder, 'runs'), keep: 'never', signal, listener: quiet },
    openSubstrate: (context) => open({ ...context, untrusted: inside }),
  });
  if (result.verdict !== 'pass')
    throw new Error(`the drill came to ${result.verdict}: ${JSON.stringify(result.failures)}`);
  return result.run.seconds;
}
