import { Command } from 'commander';
import { findClustersHere, removeCluster } from '../../substrates/kind/clusters-here.ts';
import { endProcessesOf, findLeftovers, type Leftover, removeLeftover } from '../../substrates/local/leftovers.ts';
import { alignColumns } from '../columns.ts';

/** `drill gc`. */
export function gcCommand(): Command {
  return new Command('gc')
    .description('remove what killed runs left behind: processes, containers, clusters and folders')
    .option('--kept [run]', 'also remove what runs were told to keep; of one run, or of all')
    .option('--dry-run', 'only say what would be removed')
    .action(async (options: { kept?: string | true; dryRun?: boolean }) => {
      const found = findLeftovers();
      const doomed = found.filter((leftover) => isDoomed(leftover, options.kept));
      // Before the folders, which tell whose they are.
      const clusters = await findClustersHere();
      const doomedClusters = clusters.filter((cluster) => isDoomed(cluster, options.kept));
      if (!options.dryRun) {
        // First: a kind that still makes a cluster would go on making it.
        for (const { runId, folder } of doomed) await endProcessesOf(runId, folder);
        for (const cluster of doomedClusters) await removeCluster(cluster);
        for (const leftover of doomed) await removeLeftover(leftover);
      }
      const verb = options.dryRun ? 'would be removed' : 'removed';
      const rows = found.map((leftover) => [
        leftover.runId,
        leftover.state,
        `${leftover.pids.length} processes`,
        leftover.folder,
        doomed.includes(leftover) ? verb : 'left alone',
      ]);
      for (const one of clusters)
        rows.push([
          one.runId || 'lost run',
          one.state,
          'a cluster',
          one.cluster,
          doomedClusters.includes(one) ? verb : 'left alone',
        ]);
      process.stdout.write(rows.length > 0 ? `${alignColumns(rows).join('\n')}\n` : 'Nothing was left behind.\n');
    });
}

function isDoomed({ state, runId }: Pick<Leftover, 'state' | 'runId'>, kept: string | true | undefined): boolean {
  if (state === 'running') return false;
  if (state === 'kept') return kept === true || kept === runId;
  return true;
}
