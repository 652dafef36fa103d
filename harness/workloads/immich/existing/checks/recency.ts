import { Tally } from '../../../../checks/judging/tally.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import { formatDuration, parseDuration } from '../../../../model/duration.ts';
import { filesOf } from './files-of.ts';

/** How old the newest things may be, such as `30d`. */
export interface RecencyLimits {
  readonly newestAsset?: string;
  /** How much older than its dump the youngest row may be: a living Immich writes every day. */
  readonly newestRow: string;
}

/** Judges how old the newest things of a backup are; whether the backups themselves are too old is an objective. */
export function recency(database: string, library: string, limits: RecencyLimits): Check {
  return {
    name: 'recency',
    component: 'all',
    proves: 'The newest asset, the newest file and the backups themselves are as young as they should be.',
    judge: (evidence) => judgeRecency(evidence, database, library, limits),
  };
}

async function judgeRecency(
  evidence: Evidence,
  database: string,
  library: string,
  limits: RecencyLimits,
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
    const most = limits.newestAsset === undefined ? undefined : parseDuration(limits.newestAsset);
    if (most !== undefined && what === 'newest asset' && age > most)
      tally.wrong(
        what,
        `at most ${formatDuration(most)} old`,
        `${formatDuration(age)}: of ${new Date(time).toISOString()}`,
      );
  }
  const row = rowBehindDump(evidence, database, limits.newestRow);
  if (row) tally.wrong('youngest row', row.expected, row.actual);
  if (!evidence.receipts.some(({ component }) => component === database)) tally.gap('no database was restored');
  return tally.judgement('nothing older than it should be', told.join(', '));
}

/** A dump of long ago whose file is of today tells it by its rows: nothing that is used goes without a write for so long. */
function rowBehindDump(
  { facts, receipts }: Evidence,
  database: string,
  limit: string,
): { expected: string; actual: string } | undefined {
  const receipt = receipts.find(({ component }) => component === database);
  const times = [receipt?.startedAt, receipt?.details.fileTime].map((time) => Date.parse(String(time ?? '')));
  const dumped = Math.max(...times.filter((time) => !Number.isNaN(time)));
  const youngest = Date.parse(String(facts['youngest row'] ?? ''));
  const behind = (dumped - youngest) / 1000;
  if (!(behind > (parseDuration(limit) ?? Number.POSITIVE_INFINITY))) return undefined;
  return {
    expected: `written at most ${limit} before ${receipt?.id}, whose time is ${new Date(dumped).toISOString()}`,
    actual: `of ${new Date(youngest).toISOString()}, ${formatDuration(behind)} before it: the dump is older than it says, or Immich was not used (then say newestRow)`,
  };
}

async function newestFile(evidence: Evidence, tally: Tally, library: string): Promise<number> {
  let newest = Number.NaN;
  for await (const { type, mtimeMs, path } of filesOf(evidence, tally, library) ?? [])
    if (type === 'file' && !path.startsWith('backups/') && !(mtimeMs <= newest)) newest = mtimeMs;
  return newest;
}
