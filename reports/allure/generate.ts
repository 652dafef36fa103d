import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { DrillError } from '../../harness/model/error.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { allureCategories } from './categories.ts';
import { type HistoryEntry, readHistory, writeHistory } from './history.ts';

const GENERATE_BUDGET_MS = 120_000;
const ALLURE = fileURLToPath(new URL('../cli.js', import.meta.resolve('allure')));
const ANALYTICS =
  /<script[^>]*googletagmanager\.com[^>]*>\s*<\/script>\s*<script>\s*window\.dataLayer[\s\S]*?<\/script>/g;

/** What to render: one run's results, under its id, with the runs before it. */
export interface Generation {
  readonly runId: string;
  readonly startedAt: number;
  readonly resultsFolder: string;
  readonly earlier: readonly HistoryEntry[];
  /** Where the page goes; nowhere when only the run's entry in the history is wanted. */
  readonly outFolder?: string;
}

/** Renders one run with Allure into one page that loads nothing from outside; gives the run's entry in the history. */
export async function generateAllure(generation: Generation): Promise<HistoryEntry> {
  const folder = await mkdtemp(join(tmpdir(), 'drill-allure-'));
  try {
    const historyPath = join(folder, 'history.jsonl');
    const output = join(folder, 'report');
    const config = join(folder, 'allurerc.json');
    await writeHistory(historyPath, generation.earlier);
    await writeFile(config, JSON.stringify(configOf(generation, historyPath)));
    await runAllure(
      ['generate', '--cwd', folder, '--config', config, '--output', output, generation.resultsFolder],
      folder,
    );
    const page = await readFile(join(output, 'index.html'), 'utf8');
    if (generation.outFolder) {
      await cp(output, generation.outFolder, { recursive: true });
      // The page would tell an outside service that it was opened; a report of backups must not.
      await writeAtomically(join(generation.outFolder, 'index.html'), page.replace(ANALYTICS, ''));
    }
    const entry = (await readHistory(historyPath)).findLast(({ name }) => name === generation.runId);
    if (!entry) throw notRendered('it wrote no entry into the history.', '');
    return { ...entry, timestamp: generation.startedAt };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function configOf({ runId }: Generation, historyPath: string): object {
  const options = { singleFile: true, reportLanguage: 'en', groupBy: ['suite', 'feature'] };
  return { name: runId, historyPath, categories: allureCategories(), plugins: { awesome: { options } } };
}

async function runAllure(args: readonly string[], cwd: string): Promise<void> {
  const result = await execa(process.execPath, [ALLURE, ...args], {
    cwd,
    all: true,
    reject: false,
    stdin: 'ignore',
    timeout: GENERATE_BUDGET_MS,
    env: { NO_COLOR: '1' },
  });
  if (result.failed)
    throw notRendered(result.timedOut ? 'it took too long.' : `it exited ${result.exitCode ?? 'early'}.`, result.all);
}

function notRendered(why: string, tail: string): DrillError {
  return new DrillError({
    code: 'allure-failed',
    where: 'report/allure',
    what: `Allure did not render the results: ${why}`,
    next: 'read its last lines; summary.md and report.html in the folder of the run say the same.',
    blame: 'harness',
    tail,
  });
}
