import { Command } from 'commander';
import { formatDuration } from '../../model/duration.ts';
import { alignColumns } from '../columns.ts';
import { listRuns } from '../run-store.ts';

/** `drill runs`. */
export function runsCommand(): Command {
  return new Command('runs').description('list the runs, oldest first').action(() => {
    const rows = listRuns().map(({ id, result }) => {
      if (!result) return [id, 'no result', '', 'killed, or still going on'];
      const { rto } = result;
      return [
        id,
        result.verdict,
        formatDuration(result.run.seconds),
        rto.seconds === null ? 'RTO not measured' : `RTO ${formatDuration(rto.seconds)}`,
      ];
    });
    process.stdout.write(rows.length > 0 ? `${alignColumns(rows).join('\n')}\n` : 'There are no runs yet.\n');
  });
}
