import type { Cell } from '../digest/page.ts';
import { formatMoment, formatSeconds } from '../digest/quantities.ts';
import { markdownCode, markdownText } from '../markdown/escape.ts';
import { markdownTable } from '../markdown/render-page.ts';
import type { Runbook, RunbookStep, RunbookVariable } from './runbook.ts';

const COMMAND_LONGEST = 16_000;

/** The runbook as Markdown, to be printed and kept where it can be read when nothing else can. */
export function renderRunbook(runbook: Runbook): string {
  const { steps, variables, fixes, notCovered } = runbook;
  const parts = [
    `# Restore ${markdownText(runbook.drill)}`,
    `**${standing(runbook)}**`,
    `Run ${markdownCode(runbook.run)} of ${formatMoment(runbook.startedAt)} · ${markdownText(runbook.workload)} · on ${markdownText(runbook.substrate)} · time to restore ${formatSeconds(runbook.rtoSeconds)}`,
    '## Runbook fixes needed',
    fixes.length === 0 ? 'None.' : list(fixes),
    '## What must be at hand',
    variables.length === 0 ? 'Nothing beside the programs.' : variableTable(variables),
    '## What to do',
    ...steps.map((step, index) => stepText(step, index + 1)),
    ...(notCovered.length > 0 ? ['## Not covered by this plan', list(notCovered)] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function standing({ verdict, fixes }: Runbook): string {
  if (verdict === undefined)
    return 'NOT PROVED: the run has no result that can be read; these are the commands up to where it ended.';
  if (verdict !== 'pass')
    return `NOT PROVED: the run ended with ${verdict}; do not rely on this plan before it passes.`;
  return fixes.length === 0 ? 'PROVED: these commands restored it.' : 'PROVED, with fixes needed.';
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${markdownText(line)}`).join('\n');
}

function variableTable(variables: readonly RunbookVariable[]): string {
  const text = (value: string): Cell => ({ text: value, kind: 'text' });
  const code = (value: string): Cell => ({ text: value, kind: 'code' });
  return markdownTable(
    ['Set', 'What it is', 'In the drill'],
    variables.map(({ name, what, was }) => [
      code(name),
      text(what),
      was === '' ? text('secret, not written') : code(was),
    ]),
  );
}

function stepText({ title, command, seconds, exitCode, ok }: RunbookStep, number: number): string {
  const ended = ok ? '' : ` · FAILED${exitCode === null ? '' : ` with exit code ${exitCode}`}`;
  const took = seconds === null ? '' : ` · ${formatSeconds(seconds)}`;
  const heading = `### ${number}. ${markdownText(title)}${took}${ended}`;
  return command === '' ? heading : `${heading}\n\n${shellBlock(command)}`;
}

/** Never a part of a command: what is left would be another one. Every word of it is printable already. */
function shellBlock(command: string): string {
  if (command.length > COMMAND_LONGEST)
    return `This command has ${command.length} characters: take it from ${markdownCode('drill runbook --json')}.`;
  const fence = '`'.repeat(Math.max(3, ...[...command.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}sh\n${command}\n${fence}`;
}
