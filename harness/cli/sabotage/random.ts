import { formatDuration } from '../../model/duration.ts';
import type { RandomFault, RandomResult } from '../../model/sabotage-result.ts';

/** One random fault on one line. */
export function faultLine({ number, path, fault, outcome, said, seconds }: RandomFault, count: number): string {
  const mark = (outcome === 'missed' ? 'MISSED' : outcome).padEnd(12);
  const place = String(number).padStart(String(count).length);
  return `${place}/${count} ${mark} ${path.padEnd(20)} ${formatDuration(seconds).padStart(6)}  ${fault}  →  ${said}`;
}

/** What random faults came to, with all that was missed and how to have it again. */
export function renderRandom(result: RandomResult): string {
  const { drill, seed, total, caught, identical, missed, inconclusive, seconds } = result;
  const word = missed.length > 0 ? 'FAIL' : inconclusive.length > 0 ? 'UNKNOWN' : 'PASS';
  const open = inconclusive.length === 0 ? '' : `, ${inconclusive.length} inconclusive (something else was in the way)`;
  return `${[
    '',
    `${word}  ${total} random faults: ${caught} caught, ${identical} without any harm (proved), ${missed.length} missed${open}.`,
    `      ${drill}, seed ${seed}, ${formatDuration(seconds)} in all`,
    ...[...missed, ...inconclusive].flatMap((fault) => ['', faultLine(fault, total), `  ${fault.run}`]),
  ].join('\n')}\n`;
}
