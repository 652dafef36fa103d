import { Tally } from '../../../../checks/judging/tally.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import { formatDuration, parseDuration } from '../../../../model/duration.ts';
import { filesOf } from './files-of.ts';

/** Judges how old the newest things of a backup are; whether the backups themselves are too old is an objective. */
export function recency(database: string, library: string, limit: string | undefined): Check {
  return {
    name: 'recency',
    component: 'all',
    proves: 'The newest asset, the newest file and the backups themselves are as young as they should be.',
    judge: (evidence) => judgeRecency(evidence, database, library, limit),
  };
}

async function judgeRecency(
  evidence: Evidence,
  database: string,
  library: string,
  limit: string | undefined,
): Promise<Judgement> {
  const tally = new Tally();
  const now = Date.parse(evidence.phases.preflight?.startedAt ?? '');
  const newest: Record<string, number> = {
    'newest asset': Date.parse(String(evidence.facts['newest asset'] ?? '')),
    'newest file': await newestFile(evidence, tally, library),
  };
  for (const { component, startedAt } of evidence.receipts) newest[`backup of ${component}`] = Date.parse(startedAt);
  const told: string[] = [];
  for (const [what, time] of Object.entries(newest)) {
    if (Number.isNaN(time) || Number.isNaN(now)) {
      tally.gap(`nothing tells how old the ${what} is`);
      continue;
    }
    const age = Math.max(0, (now - time) / 1000);
    told.push(`${what} ${formatDuration(age)} old`);
    const most = limit === undefined ? undefined : parseDuration(limit);
    if (most !== undefined && what === 'newest asset' && age > most)
      tally.wrong(
        what,
        `at most ${formatDuration(most)} old`,
        `${formatDuration(age)}: of ${new Date(time).toISOString()}`,
      );
  }
  if (!evidence.receipts.some(({ component }) => component === database)) tally.gap('no database was restored');
  return tally.judgement('nothing older than it should be', told.join(', '));
}

async function newestFile(evidence: Evidence, tally: Tally, library: string): Promise<number> {
  let newest = Number.NaN;
  for await (const { type, mtimeMs, path } of filesOf(evidence, tally, library) ?? [])
    if (type === 'file' && !path.startsWith('backups/') && !(mtimeMs <= newest)) newest = mtimeMs;
  return newest;
}
