import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OwnHealthy, OwnWay } from '../../model/own-sabotage-result.ts';
import type { RunResult } from '../../model/result.ts';
import type { OpeningContext } from '../../model/source.ts';
import type { Volume } from '../../model/target.ts';
import type { LastPassed } from '../configuration/plug-in.ts';
import type { Copied, CopyVolumes } from './copy-backup.ts';
import { firstSaid, outcomeOf, type Said } from './outcome-of.ts';
import type { BackupCopy, CopyFolders, CopyPart, OwnSabotage, RuinedCopy } from './own-sabotage.ts';

/** What every way is judged with. */
export interface Bench {
  readonly context: OpeningContext;
  readonly copied: Copied;
  readonly copy: BackupCopy;
  /** Drills copies as the user's configuration drills the backups. */
  drill(name: string, folders: CopyFolders): Promise<RunResult>;
}

/** Ruins a copy of the copy in one way, drills it, and says what the drill made of it. */
export async function judgeWay(way: OwnSabotage, bench: Bench): Promise<OwnWay> {
  const { context, copied } = bench;
  const made = await duplicate(context, copied.volumes, way);
  try {
    await way.ruin({ ...bench.copy, ...made.volumes, run: runner(context, way, made.fresh) });
    const result = await bench.drill(way.name, foldersOf(way, made.volumes, bench.copy));
    const outcome = outcomeOf(result);
    if (outcome === 'caught') await thinOut(result);
    return {
      ...{ name: way.name, about: way.about, outcome, ...withoutPaths(firstSaid(result), made.volumes) },
      advice: outcome === 'caught' ? '' : (way.advice ?? ''),
      ...{ verdict: result.verdict, exitCode: result.exitCode },
      ...{ seconds: result.run.seconds, run: result.run.folder },
    };
  } finally {
    await made.fresh.destroy();
  }
}

/** The copy lies where nobody who reads of it will find it. */
function withoutPaths({ by, said }: Said, volumes: CopyVolumes): Said {
  const paths = Object.values(volumes).map(({ path }) => path);
  return { by, said: paths.reduce((text, path) => text.replaceAll(path, 'the copy'), said) };
}

/** What the drill of the healthy copy came to. */
export function healthyOf(result: RunResult): OwnHealthy {
  const { by, said } = firstSaid(result);
  return {
    passed: result.verdict === 'pass' && result.exitCode === 0,
    verdict: result.verdict,
    why: by && `${by}: ${said}`,
    ...{ seconds: result.run.seconds, run: result.run.folder },
  };
}

/** What the healthy copy has counted, as the history would give it to the next run. */
export function countedBy({ run, facts, numbers }: RunResult): LastPassed {
  const counted = Object.entries(facts).filter((fact): fact is [string, number] => typeof fact[1] === 'number');
  return { run: run.id, startedAt: run.startedAt, counts: { ...Object.fromEntries(counted), ...numbers } };
}

/** Copies anew what is going to be ruined; the rest is read where it lies. */
async function duplicate(
  context: OpeningContext,
  volumes: CopyVolumes,
  { name, ruins }: OwnSabotage,
): Promise<{ readonly volumes: CopyVolumes; readonly fresh: Volume }> {
  const from = volumes[ruins];
  const fresh = await context.volume(ruins);
  await context.run({
    name: `${name}.copy`,
    volumes: [{ volume: from, readOnly: true }, { volume: fresh }],
    steps: () => [{ program: 'cp', args: ['--archive', '--reflink=auto', `${from.path}/.`, fresh.path] }],
  });
  // The dump may lie in the library.
  const swapped = (part: CopyPart) => (volumes[part] === from ? fresh : volumes[part]);
  return {
    fresh,
    volumes: { media: swapped('media'), dumps: swapped('dumps'), archives: swapped('archives') },
  };
}

function runner(context: OpeningContext, { name }: OwnSabotage, fresh: Volume): RuinedCopy['run'] {
  return async (script, ...args) => {
    const report = await context.run({
      name: `${name}.ruin`,
      volumes: [{ volume: fresh }],
      // In a folder that goes with the job.
      steps: (scratch) => [{ program: 'sh', args: ['-c', script, 'sh', ...args], cwd: scratch }],
    });
    return report.steps.at(-1)?.stdout ?? '';
  };
}

function foldersOf({ ruins }: OwnSabotage, volumes: CopyVolumes, { archive }: BackupCopy): CopyFolders {
  const { media, dumps, archives } = volumes;
  const packed = ruins === 'archives' && archive ? { folder: archives.path, file: archive.path } : undefined;
  return { media: media.path, dumps: dumps.path, ...(packed && { archive: packed }) };
}

/** The lists of what was restored are large, and of use only where something got through. */
async function thinOut({ run }: RunResult): Promise<void> {
  const evidence = join(run.folder, 'evidence');
  for (const name of await readdir(evidence))
    if (name === 'before' || name === 'after') await rm(join(evidence, name), { recursive: true, force: true });
}
