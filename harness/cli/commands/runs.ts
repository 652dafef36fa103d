import { Command } from 'commander';
import { oneLine } from '../../../reports/text/one-line.ts';
import { formatDuration } from '../../model/duration.ts';
import { alignColumns } from '../columns.ts';
import { listRuns, type StoredRun } from '../run-store.ts';

/** `drill runs`. */
export function runsCommand(): Command {
  return new Command('runs').description('list the runs, oldest first').action(() => {
    const rows = listRuns().map((run) => rowOf(run).map((cell) => oneLine(cell)));
    process.stdout.write(rows.length > 0 ? `${alignColumns(rows).join('\n')}\n` : 'There are no runs yet.\n');
  });
}

function rowOf({ id, result, damage }: StoredRun): string[] {
  if (damage !== undefined) return [id, 'unknown', '', damage];
  if (!result) return [id, 'no result', '', 'killed, or still going on'];
  const { rto } = result;
  return [
    id,
    result.verdict,
    formatDuration(result.run.seconds),
    rto.seconds === null ? 'RTO not measured' : `RTO ${formatDuration(rto.seconds)}`,
  ];
}
