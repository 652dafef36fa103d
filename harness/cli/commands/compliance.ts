import { join } from 'node:path';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { type Compliance, complianceOf } from '../../../reports/compliance/compliance.ts';
import { renderComplianceCsv } from '../../../reports/compliance/csv.ts';
import { renderComplianceJson } from '../../../reports/compliance/json.ts';
import { renderComplianceMarkdown } from '../../../reports/compliance/markdown.ts';
import { checkedSchedule, parseSchedule, type Schedule } from '../../../reports/compliance/schedule.ts';
import type { LinkTo } from '../../../reports/compliance/sections.ts';
import { writeAtomically } from '../../../reports/files/write-atomically.ts';
import { parseYaml } from '../../existing/configuration/parse-yaml.ts';
import { DrillError } from '../../model/error.ts';
import { readText } from '../../model/read-text.ts';
import { evidenceOf, linkToRun } from '../evidence-of.ts';
import { type HistoryOptions, readHistory, withHistoryOptions } from '../open-history.ts';
import { outFolder } from '../out-target.ts';
import { since, sinceOf } from '../since.ts';

const FORMATS = ['markdown', 'json', 'csv', 'html'] as const;
type Format = (typeof FORMATS)[number];
const ENDINGS: Readonly<Record<Format, string>> = { markdown: 'md', json: 'json', csv: 'csv', html: 'html' };
const EXIT_TAMPERED = 1;
const SCHEDULES_LONGEST_BYTES = 1024 ** 2;

interface Options extends HistoryOptions {
  readonly since: string;
  readonly schedule: string[];
  readonly schedules?: string;
  readonly format: Format;
  readonly out?: string;
}

/** `drill compliance`. */
export function complianceCommand(): Command {
  const command = new Command('compliance')
    .description(
      'report RTO and RPO over time, missed drills, trends and evidence; ends with 1 if the history was tampered with',
    )
    .option('--since <time>', 'how far back: 1y, 6mo, 90d, or a date', since, '1y')
    .option(
      '--schedule <drill=when>',
      'how often a drill is due, such as photos=24h, or a line of cron in UTC (may be given again)',
      (one, all: string[]) => [...all, one],
      [],
    )
    .option('--schedules <file>', 'YAML or JSON file mapping each drill to its schedule')
    .addOption(new Option('--format <format>', 'what to print on stdout').choices(FORMATS).default('markdown'))
    .option('--out <folder>', 'write all formats into this folder instead: compliance.md, .json, .csv and .html');
  return withHistoryOptions(command).action(async (options: Options) => {
    process.exitCode = await compliance(options);
  });
}

async function compliance(options: Options): Promise<number> {
  const schedules = [...options.schedule.map(parseSchedule), ...schedulesOf(options.schedules)];
  const until = new Date();
  const from = sinceOf(options.since, until) ?? until;
  const report = complianceOf(await readHistory(options), { since: from, until, schedules, evidenceOf });
  if (options.out === undefined) {
    process.stdout.write(await render(options.format, report, linkToRun(process.cwd())));
  } else {
    const folder = outFolder(options.out);
    for (const format of FORMATS) {
      const file = join(folder, `compliance.${ENDINGS[format]}`);
      process.stdout.write(`${await writeAtomically(file, await render(format, report, linkToRun(folder)))}\n`);
    }
  }
  return report.history.state === 'tampered' ? EXIT_TAMPERED : 0;
}

async function render(format: Format, report: Compliance, linkTo: LinkTo): Promise<string> {
  if (format === 'json') return renderComplianceJson(report);
  if (format === 'csv') return renderComplianceCsv(report);
  if (format === 'markdown') return renderComplianceMarkdown(report, linkTo);
  // The charts take longer to load than all the rest of the command.
  const { renderComplianceHtml } = await import('../../../reports/compliance/html.ts');
  return renderComplianceHtml(report, linkTo);
}

function schedulesOf(file: string | undefined): Schedule[] {
  if (file === undefined) return [];
  try {
    const map = z.record(z.string(), z.string()).parse(parseYaml(readText(file, SCHEDULES_LONGEST_BYTES)));
    return Object.entries(map).map(([drill, when]) => checkedSchedule({ drill, when }));
  } catch (cause) {
    if (cause instanceof DrillError) throw cause;
    throw new DrillError({
      code: 'schedules-unreadable',
      where: 'compliance',
      what: `The schedules in ${file} cannot be read: ${(cause as Error).message}.`,
      next: 'write one line a drill, such as `photos: 24h` or `photos: 0 3 * * *`.',
      blame: 'usage',
      cause,
    });
  }
}
