import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DrillError } from '../../harness/model/error.ts';
import { readText } from '../../harness/model/read-text.ts';
import { ALLURE_HISTORY, ALLURE_RESULTS } from './folders.ts';
import { generateAllure } from './generate.ts';
import { type HistoryEntry, readHistory, writeHistory } from './history.ts';

interface RunToRender {
  readonly id: string;
  readonly startedAt: number;
  readonly resultsFolder: string;
}

/**
 * Renders the newest of the runs with Allure into `outFolder/index.html`, with the history of the runs before it. The
 * others are added to the history, which is kept in `allure-history.jsonl` beside the run folders. Gives the page's path.
 */
export async function renderAllure(runFolders: readonly string[], outFolder: string): Promise<string> {
  const found = await Promise.all(runFolders.map(readRun));
  const runs = found.flatMap((run) => run ?? []).sort((left, right) => left.startedAt - right.startedAt);
  const newest = runs.at(-1);
  if (!newest) throw nothingToRender(runFolders);
  const historyPath = join(dirname(dirname(newest.resultsFolder)), ALLURE_HISTORY);
  let history = await readHistory(historyPath);
  for (const run of runs) {
    const known = history.some(({ name }) => name === run.id);
    if (known && run !== newest) continue;
    const entry = await generateAllure({
      runId: run.id,
      startedAt: run.startedAt,
      resultsFolder: run.resultsFolder,
      earlier: earlierThan(run, history),
      ...(run === newest && { outFolder }),
    });
    history = [...history, entry];
  }
  await writeHistory(historyPath, history);
  return join(outFolder, 'index.html');
}

function earlierThan(run: RunToRender, history: readonly HistoryEntry[]): HistoryEntry[] {
  return history.filter(({ name, timestamp }) => name !== run.id && timestamp < run.startedAt);
}

async function readRun(runFolder: string): Promise<RunToRender | undefined> {
  const folder = resolve(runFolder);
  const resultsFolder = join(folder, ALLURE_RESULTS);
  const there = await stat(resultsFolder).catch(() => undefined);
  if (!there?.isDirectory()) return undefined;
  return { resultsFolder, ...readRunHead(folder) };
}

function readRunHead(folder: string): { id: string; startedAt: number } {
  const fallback = { id: basename(folder), startedAt: 0 };
  try {
    const result: unknown = JSON.parse(readText(join(folder, 'result.json')));
    if (typeof result !== 'object' || result === null || !('run' in result)) return fallback;
    const run = result.run as { id?: unknown; startedAt?: unknown };
    const startedAt = Date.parse(String(run.startedAt));
    return {
      id: typeof run.id === 'string' && run.id ? run.id : fallback.id,
      startedAt: Number.isNaN(startedAt) ? fallback.startedAt : startedAt,
    };
  } catch {
    return fallback;
  }
}

function nothingToRender(runFolders: readonly string[]): DrillError {
  return new DrillError({
    code: 'no-allure-results',
    where: 'report/allure',
    what: `none of ${runFolders.length} run folders has ${ALLURE_RESULTS}; expected at least one run that ended.`,
    next: 'run a drill: npm run drill -- immich-full',
    blame: 'usage',
  });
}
