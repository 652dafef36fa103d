import { Command, Option } from 'commander';
import { findBuckets, removeBucket } from '../../machine/object-store/outside-store.ts';
import type { S3Address } from '../../machine/object-store/s3-client.ts';
import { endProcessesOf } from '../../machine/processes/end-processes.ts';
import { type Leftover, removeLeftover, type Stranger, surveyWorkRoot } from '../../machine/work-folders/leftovers.ts';
import { findClustersHere, removeCluster } from '../../substrates/kubernetes/kind/clusters-here.ts';
import { type ContextOptions, userContextOf, withContext } from '../cluster-options.ts';
import { alignColumns } from '../columns.ts';
import { EXIT_UNKNOWN } from '../exit-codes.ts';
import { storeThere } from '../store-option.ts';

const REMOVED = 'removed';

interface Options extends ContextOptions {
  readonly kept?: string | true;
  readonly dryRun?: boolean;
  readonly on: 'here' | 'cluster';
  readonly s3?: S3Address;
}

/** Something that a run has left somewhere. */
interface Remains {
  readonly runId: string;
  readonly state: Leftover['state'] | 'not ours';
  readonly what: string;
  readonly where: string;
  remove(): Promise<void>;
}

/** `drill gc`. */
export function gcCommand(): Command {
  const command = new Command('gc')
    .description(
      'remove what killed runs left behind: processes, containers, clusters, namespaces, buckets and folders',
    )
    .addOption(
      new Option('--on <place>', 'look at this machine alone, or in an existing cluster, too')
        .choices(['here', 'cluster'])
        .default('here'),
    )
    .option('--kept [run]', 'also remove what runs were told to keep; of one run, or of all')
    .option('--s3 <address>', 'also look at an S3 server that drills were given, for their buckets', storeThere)
    .option('--dry-run', 'only say what would be removed');
  return withContext(command).action(async (options: Options) => {
    // Namespaces and clusters before the folders, which tell whose they are.
    await using there = options.on === 'cluster' ? await namespaces(options) : undefined;
    const { leftovers: folders, strangers } = await surveyWorkRoot();
    const stored = options.s3 ? await buckets(options.s3) : [];
    const remains = [...(there?.remains ?? []), ...stored, ...(await clusters()), ...folders.map(leftover)];
    const doomed = remains.filter((one) => isDoomed(one, options.kept));
    if (!options.dryRun) {
      // First: a kind that still makes a cluster would go on making it.
      for (const one of folders) if (isDoomed(one, options.kept)) await endProcessesOf(one.runId, one.folder);
    }
    const outcomes = options.dryRun ? new Map() : await removeAll(doomed);
    const fate = (one: Remains) => (doomed.includes(one) ? (outcomes.get(one) ?? 'would be removed') : 'left alone');
    const rows = remains.map((one) => [one.runId || 'lost run', one.state, one.what, one.where, fate(one)]);
    const lines = [...alignColumns(rows), ...strangers.map(mention)];
    process.stdout.write(lines.length > 0 ? `${lines.join('\n')}\n` : 'Nothing was left behind.\n');
    if ([...outcomes.values()].some((outcome) => outcome !== REMOVED)) process.exitCode = EXIT_UNKNOWN;
  });
}

/** What became of each; that one of them cannot be removed keeps none of the others. */
async function removeAll(doomed: readonly Remains[]): Promise<Map<Remains, string>> {
  const outcomes = new Map<Remains, string>();
  for (const one of doomed) {
    const outcome = one.remove().then(
      () => REMOVED,
      (error: unknown) => `not removed: ${error instanceof Error ? error.message : String(error)}`,
    );
    outcomes.set(one, await outcome);
  }
  return outcomes;
}

function mention({ path, why }: Stranger): string {
  return `${path} was left alone: ${why}.`;
}

function leftover(one: Leftover): Remains {
  const { runId, state, pids, folder } = one;
  return { runId, state, what: `${pids.length} processes`, where: folder, remove: () => removeLeftover(one) };
}

async function clusters(): Promise<Remains[]> {
  return (await findClustersHere()).map((one) => {
    const { runId, state, cluster } = one;
    return { runId, state, what: 'a cluster', where: cluster, remove: () => removeCluster(one) };
  });
}

async function buckets(address: S3Address): Promise<Remains[]> {
  const found = await findBuckets(address);
  return found.map(({ runId, state, bucket }): Remains => {
    return {
      runId,
      state,
      what: `a bucket at ${address.endpoint}`,
      where: bucket,
      remove: () => removeBucket(address, bucket),
    };
  });
}

async function namespaces(options: Options): Promise<AsyncDisposable & { readonly remains: readonly Remains[] }> {
  const { openNamespacesThere } = await import('../../substrates/kubernetes/cluster/namespaces-there.ts');
  const there = await openNamespacesThere(userContextOf(options));
  const remains = there.found.map((one): Remains => {
    const { runId, state, namespace } = one;
    return { runId, state, what: `a namespace of ${there.context}`, where: namespace, remove: () => there.remove(one) };
  });
  return { remains, [Symbol.asyncDispose]: async () => await there[Symbol.asyncDispose]() };
}

function isDoomed({ state, runId }: Pick<Remains, 'state' | 'runId'>, kept: string | true | undefined): boolean {
  if (state === 'running' || state === 'not ours') return false;
  if (state === 'kept') return kept === true || kept === runId;
  return true;
}
