import { markdownText } from '../markdown/escape.ts';
import { markdownTable } from '../markdown/render-page.ts';
import { drillTitle } from './attention.ts';
import type { Compliance } from './compliance.ts';
import { complianceHeadline } from './headline.ts';
import {
  type ComplianceTable,
  controlTable,
  evidenceTable,
  type LinkTo,
  monthsTable,
  overviewTable,
  scheduleTable,
  trendTable,
} from './sections.ts';

const SIGNS = { good: '✅', bad: '❌', doubt: '❓' } as const;
const MOST_RUNS = 400;

/** The report as GitHub-flavoured Markdown, without charts. */
export function renderComplianceMarkdown(report: Compliance, linkTo: LinkTo = () => undefined): string {
  const { tone, word, sentence, facts } = complianceHeadline(report);
  const attention = report.attention.map((one) => `- ${SIGNS[one.tone]} ${markdownText(one.text)}`);
  const parts = [
    '# Backup restore compliance',
    `${SIGNS[tone]} **${word}.** ${sentence}`,
    facts.map(([name, value]) => `${name}: ${markdownText(value)}`).join(' · '),
    ...(attention.length > 0 ? ['## What needs attention', attention.join('\n')] : []),
    ...section(overviewTable(report)),
    ...report.drills.flatMap((drill) => {
      const [title, ...rest] = section(monthsTable(drill));
      return [`${title} of ${markdownText(drillTitle(drill))}`, ...rest];
    }),
    ...section(scheduleTable(report)),
    ...section(trendTable(report)),
    ...section(controlTable(report)),
    ...section(evidenceTable(report, linkTo, MOST_RUNS)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function section({ title, note, columns, rows }: ComplianceTable): string[] {
  return [
    `## ${markdownText(title)}`,
    ...(note ? [markdownText(note)] : []),
    ...(rows.length > 0 ? [markdownTable(columns, rows)] : []),
  ];
}
