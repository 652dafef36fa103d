import { componentTitle } from '../digest/components.ts';
import { type ObjectiveRow, RTO_PHASES } from '../digest/objectives.ts';
import { formatSeconds, isMeasured } from '../digest/quantities.ts';
import { htmlText } from './escape.ts';

/** The RTO as bars, one a component, split by phase; empty when nothing was measured. The table beside it says the same. */
export function phaseBars(rows: readonly ObjectiveRow[]): string {
  const measured = rows.filter(({ seconds }) => isMeasured(seconds));
  const longest = Math.max(0, ...measured.map(lengthOf));
  if (longest === 0) return '';
  const legend = RTO_PHASES.map((phase) => `<li><i class="${phase}"></i>${phase}</li>`).join('');
  const bars = measured.map((row) => bar(row, longest)).join('\n');
  return `<ul class="legend" aria-hidden="true">${legend}</ul>\n<ul class="bars">\n${bars}\n</ul>`;
}

function bar(row: ObjectiveRow, longest: number): string {
  const parts = RTO_PHASES.map((phase) => ({ phase, seconds: secondsOf(row, phase) })).filter(
    ({ seconds }) => seconds > 0,
  );
  const spoken = parts.map(({ phase, seconds }) => `${phase} ${formatSeconds(seconds)}`).join(', ');
  const spans = parts.map(({ phase, seconds }) => {
    const percent = ((seconds / longest) * 100).toFixed(2);
    return `<span class="${phase}" style="width:${percent}%" title="${phase} ${formatSeconds(seconds)}"></span>`;
  });
  return (
    `<li><span class="name">${htmlText(componentTitle(row.component))}</span>` +
    `<span class="bar" role="img" aria-label="${htmlText(spoken || 'no time in any phase')}">${spans.join('')}</span>` +
    `<span class="total">${formatSeconds(row.seconds)}</span></li>`
  );
}

function lengthOf(row: ObjectiveRow): number {
  return RTO_PHASES.reduce((sum, phase) => sum + secondsOf(row, phase), 0);
}

function secondsOf(row: ObjectiveRow, phase: (typeof RTO_PHASES)[number]): number {
  const seconds = row.phases[phase];
  return isMeasured(seconds) ? Math.max(0, seconds) : 0;
}
