import { lstatSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runResultSchema } from '../../reports/schema/run-result.ts';
import { type JournalLine, readJournal } from '../engine/journal.ts';
import { DrillError } from '../model/error.ts';
import { readText } from '../model/read-text.ts';
import type { RunResult } from '../model/result.ts';

const RESULT = 'result.json';
const JOURNAL = 'journal.jsonl';
const JOURNAL_LONGEST_BYTES = 256 * 1024 ** 2;

/** The folder that runs are kept in: `DRILL_RUNS`, or `runs/` of the folder that one works in. */
export function runsFolder(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env.DRILL_RUNS || 'runs');
}

/** A run as it lies in its folder; without a result it was killed, still goes on, or its result is damaged. */
export interface StoredRun {
  readonly id: string;
  readonly folder: string;
  readonly result: RunResult | undefined;
  /** Why the result that is there cannot be relied on; undefined when nothing is wrong with it. */
  readonly damage: string | undefined;
}

/** All runs, or those that are wanted, oldest first. Each is read alone: one that is damaged hides none of the others. */
export function listRuns(folder = runsFolder(), wanted: (id: string) => boolean = () => true): StoredRun[] {
  return idsIn(folder)
    .filter(wanted)
    .map((id) => openRun(folder, id));
}

/** The run of that name or of which the name is a unique beginning or end; the latest when none is named. */
export function findRun(name: string | undefined, folder = runsFolder()): StoredRun {
  const ids = idsIn(folder);
  const exactly = ids.filter((id) => id === name);
  const found =
    name === undefined
      ? ids.slice(-1)
      : exactly.length > 0
        ? exactly
        : ids.filter((id) => id.startsWith(name) || id.endsWith(name));
  const [id] = found;
  if (id !== undefined && found.length === 1) return openRun(folder, id);
  const what =
    name === undefined
      ? `There are no runs in ${folder} yet.`
      : found.length > 1
        ? `"${name}" means ${found.length} runs.`
        : `There is no run "${name}" in ${folder}.`;
  throw new DrillError({ code: 'run-unknown', where: 'cli', what, next: '`drill runs` lists them.', blame: 'usage' });
}

/** The journal of a run, as far as it can be read: what is no line of ours is passed over. */
export function journalOf({ id, folder }: Pick<StoredRun, 'id' | 'folder'>): JournalLine[] {
  const file = join(folder, JOURNAL);
  try {
    const stat = lstatSync(file);
    if (!stat.isFile()) throw new Error('it is no ordinary file');
    if (stat.size > JOURNAL_LONGEST_BYTES) throw new Error(`it has ${stat.size} bytes`);
    return readJournal(file).filter(isLine);
  } catch (cause) {
    throw new DrillError({
      code: 'journal-unreadable',
      where: 'cli',
      what: `The journal of ${id} cannot be read: ${(cause as Error).message}.`,
      next: `look into ${folder}.`,
      blame: 'environment',
      cause,
    });
  }
}

function isLine(line: unknown): line is JournalLine {
  return typeof line === 'object' && line !== null && typeof (line as JournalLine).event === 'string';
}

/** Ids begin with the drill's name, so they are ordered by the time that follows it. */
export function timeOf(id: string): string {
  return /\d{8}-\d{6}-[0-9a-f]+$/.exec(id)?.[0] ?? id;
}

function idsIn(folder: string): string[] {
  const ids = namesIn(folder).filter((id) => [JOURNAL, RESULT].some((name) => isThere(join(folder, id, name))));
  return ids.sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new DrillError({
      code: 'runs-unreadable',
      where: 'cli',
      what: `The folder of runs ${folder} ${code === 'ENOTDIR' ? 'is no folder' : `cannot be read (${code})`}.`,
      next: 'name another one with DRILL_RUNS, or see that this account may read it.',
      blame: 'usage',
      cause,
    });
  }
}

function openRun(folder: string, id: string): StoredRun {
  const run = { id, folder: join(folder, id) };
  if (!isThere(join(run.folder, RESULT))) return { ...run, result: undefined, damage: undefined };
  const read = readResult(join(run.folder, RESULT), id);
  return typeof read === 'string'
    ? { ...run, result: undefined, damage: `${RESULT} is damaged: ${read}` }
    : { ...run, result: read, damage: undefined };
}

/** The result, or what is wrong with it. What later versions add is no damage. */
function readResult(file: string, id: string): RunResult | string {
  let value: unknown;
  try {
    const text = readText(file);
    if (text.trim() === '') return 'it is empty';
    value = JSON.parse(text);
  } catch (error) {
    return error instanceof SyntaxError ? 'it is no JSON' : (error as Error).message;
  }
  const wrong = runResultSchema.safeParse(value).error?.issues.find(({ code }) => code !== 'unrecognized_keys');
  if (wrong) return `${wrong.path.join('.') || 'all of it'}: ${wrong.message}`;
  const result = value as RunResult;
  return result.run.id === id ? result : `it is the result of another run, ${result.run.id}`;
}

/** What may not be looked at is there, and says so when it is read. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}
