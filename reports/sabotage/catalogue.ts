import { type AnySabotage, isReady, type Sabotage } from '../../harness/model/sabotage.ts';
import { markdownCode, markdownText } from '../markdown/escape.ts';

/** The catalogue of all sabotages as Markdown: those that are done, by component, and those that wait for a path. */
export function renderCatalogue(sabotages: readonly AnySabotage[]): string {
  const ready = sabotages.filter(isReady);
  const waiting = sabotages.filter((one) => !isReady(one));
  const components = [...new Set(ready.map(({ component }) => component))];
  return `${[
    '# Sabotages',
    `${ready.length} ways in which backups and restores are ruined on purpose, and ${waiting.length} that wait for a path.`,
    ...components.flatMap((component) => [
      `## ${markdownText(component)}`,
      table(
        ['Sabotage', 'What goes wrong', 'Where', 'Paths', 'Caught by', 'Met by'],
        ready.filter((one) => one.component === component).map(readyRow),
      ),
    ]),
    ...(waiting.length > 0
      ? [
          '## Waiting',
          table(
            ['Sabotage', 'What goes wrong', 'Waits for', 'Met by'],
            waiting.map((one) => [
              markdownCode(one.name),
              markdownText(one.summary),
              markdownText('waitsFor' in one ? one.waitsFor : ''),
              threadsOf(one),
            ]),
          ),
        ]
      : []),
  ].join('\n\n')}\n`;
}

function readyRow(sabotage: Sabotage): string[] {
  const { name, summary, where, paths, only, expects } = sabotage;
  const place = only && only.substrates.length > 0 ? `, on ${only.substrates.join(', ')} only` : '';
  return [
    markdownCode(name),
    markdownText(summary),
    where,
    `${paths ? paths.map(markdownCode).join(', ') : 'all'}${place}`,
    expects.map((one) => markdownText(one)).join(', '),
    threadsOf(sabotage),
  ];
}

function threadsOf({ threads = [] }: AnySabotage): string {
  return threads.map(({ fact, url }) => `[${markdownText(fact)}](${url})`).join('; ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
