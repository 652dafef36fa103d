import type { OwnSabotageResult } from '../../model/own-sabotage-result.ts';
import type { RunResult } from '../../model/result.ts';
import type { Found } from './judge-all.ts';
import type { OwnSabotage } from './own-sabotage.ts';

const EXIT = { missed: 1, unknown: 2, interrupted: 130 } as const;
/** What is wrong with the command, the harness or the patience of whoever started it is told by the exit code as ever. */
const AS_EVER: ReadonlySet<number> = new Set([64, 70, EXIT.interrupted]);

interface About {
  readonly id: string;
  readonly drill: string;
  readonly folder: string;
  readonly startedAt: Date;
  readonly planned: readonly OwnSabotage[];
}

/** What sabotaging a copy of a backup came to; `run` is the one that fetched the copy. */
export function composeOwn(about: About, found: Found, run: RunResult): OwnSabotageResult {
  const { id, drill, folder, startedAt, planned } = about;
  const { copied, healthy, leftOut, troubles } = found;
  const ways = planned.flatMap(({ name }) => found.ways.filter((way) => way.name === name));
  const count = (outcome: string) => ways.filter((way) => way.outcome === outcome).length;
  const [caught, noticed, missed] = [count('caught'), count('noticed'), count('missed')];
  const trouble = [...troublesOf(found, run), ...troubles].join('; ');
  const endedAt = new Date();
  return {
    ...{ schemaVersion: 1, kind: 'own-backups', id, drill, folder },
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    seconds: (endedAt.getTime() - startedAt.getTime()) / 1000,
    exitCode: exitCodeOf({ missed, noticed, tried: ways.length, trouble }, run),
    trouble,
    copied: copied
      ? { files: copied.copy.files.length, sizeBytes: copied.sizeBytes, dump: copied.copy.dump?.path ?? '' }
      : null,
    healthy: healthy ?? null,
    ways,
    notApplicable: leftOut,
    ...{ total: ways.length, caught, noticed, missed },
    killScore: ways.length === 0 ? null : (100 * caught) / ways.length,
  };
}

/** Whatever kept the run from going on, and a backup that was not left as it was. */
function troublesOf({ healthy }: Found, { failures, checks }: RunResult): string[] {
  return [
    ...failures.map(({ message }) => message),
    ...checks.filter(({ verdict }) => verdict !== 'pass').map(({ name, actual }) => `${name}: ${actual}`),
    ...(healthy && !healthy.passed
      ? [`the copy as it is does not pass, so nothing can be measured by it: ${healthy.why}`]
      : []),
  ];
}

interface Counted {
  readonly missed: number;
  readonly noticed: number;
  readonly tried: number;
  readonly trouble: string;
}

function exitCodeOf({ missed, noticed, tried, trouble }: Counted, { exitCode, checks }: RunResult): number {
  if (AS_EVER.has(exitCode)) return exitCode;
  const isTouched = checks.some(({ verdict }) => verdict === 'fail');
  if (missed > 0 || isTouched) return EXIT.missed;
  return noticed > 0 || tried === 0 || trouble !== '' ? EXIT.unknown : 0;
}
