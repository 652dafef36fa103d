import type { Cell, Page, Section, Tone } from '../digest/page.ts';
import { formatCount } from '../digest/quantities.ts';
import type { Trouble } from '../digest/troubles.ts';
import { markdownBlock, markdownCode, markdownText } from './escape.ts';

const SIGNS: Readonly<Record<Tone, string>> = { good: '✅', bad: '❌', doubt: '❓' };
const OUTCOME_SIGNS: Readonly<Record<string, string>> = { PASS: '✅', FAIL: '❌', UNKNOWN: '❓' };

/** The page as GitHub-flavoured Markdown. */
export function renderMarkdownPage(page: Page): string {
  const { word, sentence } = page.headline;
  const facts = page.facts.map(([name, value]) => `${name}: ${markdownText(value) || '–'}`).join(' · ');
  const claim = page.claim ? [`> What a pass proves: ${markdownText(page.claim)}`] : [];
  const troubles =
    page.troubles.length > 0 ? ['## What went wrong, and what to do next', ...page.troubles.map(trouble)] : [];
  const parts = [
    `# ${OUTCOME_SIGNS[word] ?? ''} ${word}: ${markdownText(page.title)}`,
    `**${markdownText(sentence)}**`,
    ...claim,
    facts,
    ...troubles,
    ...page.sections.flatMap(section),
  ];
  return `${parts.join('\n\n')}\n`;
}

function trouble({ title, what, next, findings, findingCount, tail, outcome }: Trouble): string {
  const sign = outcome === 'fail' ? SIGNS.bad : SIGNS.doubt;
  const table = findings.map((finding) => [
    { text: finding.subject, kind: 'code' as const },
    { text: finding.expected, kind: 'text' as const },
    { text: finding.actual, kind: 'text' as const },
  ]);
  const more = findingCount > findings.length ? [`… and ${formatCount(findingCount - findings.length)} more.`] : [];
  return [
    `### ${sign} ${markdownText(title)}`,
    markdownText(what),
    ...(table.length > 0 ? [markdownTable(['What', 'Expected', 'Found'], table)] : []),
    ...more,
    `**Next:** ${markdownText(next)}`,
    ...(tail.trim() ? [markdownBlock(tail)] : []),
  ].join('\n\n');
}

function section({ title, note, columns, rows, commands }: Section): string[] {
  if (rows.length === 0 && note === '') return [];
  return [
    `## ${markdownText(title)}`,
    ...(note ? [markdownText(note)] : []),
    ...(rows.length > 0 ? [markdownTable(columns, rows)] : []),
    ...(commands.length > 0 ? [markdownBlock(commands.join('\n'))] : []),
  ];
}

/** A table; its columns are aligned as the cells of the first row are. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const kinds = rows[0]?.map(({ kind }) => kind) ?? [];
  const rule = columns.map((_, index) => (kinds[index] === 'number' ? '---:' : '---'));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(rule), ...rows.map((row) => line(row.map(cellOf)))].join('\n');
}

function cellOf({ text, kind, tone }: Cell): string {
  if (kind === 'code') return markdownCode(text);
  return tone ? `${SIGNS[tone]} ${markdownText(text)}` : markdownText(text);
}
