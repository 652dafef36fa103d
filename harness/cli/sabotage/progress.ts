import { formatMany } from '../../../reports/digest/quantities.ts';
import { formatDuration } from '../../model/duration.ts';
import type { MatrixListener } from '../../sabotage/run-matrix.ts';

/** One line on stderr for every run that has ended: a matrix takes minutes, and its runs end in any order. */
export function matrixProgress(stream: NodeJS.WriteStream = process.stderr): MatrixListener & {
  note(line: string): void;
} {
  let all = 0;
  let done = 0;
  const noted = new Set<string>();
  const write = (mark: string, name: string, place: string, seconds: number, said: string) => {
    done += 1;
    const where = `${String(done).padStart(String(all).length)}/${all}`;
    stream.write(
      `${where} ${mark} ${name.padEnd(34)} ${place.padEnd(28)} ${formatDuration(seconds).padStart(6)}  ${said}\n`,
    );
  };
  return {
    planned: (cells, healthy) => {
      all = cells + healthy;
      stream.write(`${formatMany(cells, 'sabotaged run')} and ${formatMany(healthy, 'healthy run')}\n`);
    },
    cell: ({ sabotage, component, path, outcome, why, complaints, seconds }) => {
      const by = complaints.filter(({ expected }) => expected).map((one) => one.by);
      const said = outcome === 'caught' ? by.join(', ') : why;
      write(outcome === 'caught' ? 'caught' : 'MISSED', sabotage, `${component} by ${path}`, seconds, said);
    },
    healthy: ({ component, path, passed, why, seconds }) =>
      write(passed ? 'pass  ' : 'ALARM ', 'healthy', `${component} by ${path}`, seconds, why),
    note: (line) => {
      if (!noted.has(line)) stream.write(`${line}\n`);
      noted.add(line);
    },
  };
}
