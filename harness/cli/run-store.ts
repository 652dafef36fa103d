import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DrillError } from '../model/error.ts';
import type { RunResult } from '../model/result.ts';

/** The folder that runs are kept in: `DRILL_RUNS`, or `runs/` of the folder that one works in. */
export function runsFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.DRILL_RUNS ?? join(process.cwd(), 'runs');
}

/** A run as it lies in its folder; without a result it was killed, or still goes on. */
export interface StoredRun {
  readonly id: string;
  readonly folder: string;
  readonly result: RunResult | undefined;
}

/** All runs, oldest first. */
export function listRuns(folder = runsFolder()): StoredRun[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'journal.jsonl')));
  const runs = names.map((id) => ({ id, folder: join(folder, id), result: readResult(join(folder, id)) }));
  return runs.sort((a, b) => (timeOf(a.id) < timeOf(b.id) ? -1 : 1));
}

/** The run of that name or of which the name is a unique beginning or end; the latest when none is named. */
export function findRun(name: string | undefined, folder = runsFolder()): StoredRun {
  const runs = listRuns(folder);
  const found =
    name === undefined
      ? runs.slice(-1)
      : runs.filter(({ id }) => id === name || id.startsWith(name) || id.endsWith(name));
  const [run] = found;
  if (run && found.length === 1) return run;
  const what =
    name === undefined
      ? `There are no runs in ${folder} yet.`
      : found.length > 1
        ? `"${name}" means ${found.length} runs.`
        : `There is no run "${name}" in ${folder}.`;
  throw new DrillError({ code: 'run-unknown', where: 'cli', what, next: '`drill runs` lists them.', blame: 'usage' });
}

/** Ids begin with the drill's name, so they are ordered by the time that follows it. */
function timeOf(id: string): string {
  return /\d{8}-\d{6}-[0-9a-f]+$/.exec(id)?.[0] ?? id;
}

function readResult(folder: string): RunResult | undefined {
  const file = join(folder, 'result.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RunResult) : undefined;
}
