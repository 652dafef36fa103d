import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeRunId } from '../../engine/run-id.ts';
import { SecretStore } from '../../engine/secret-store.ts';
import { openToolbox } from '../../machine/tools/toolbox/toolbox.ts';
import type { Substrate, SubstrateContext } from '../../model/substrate.ts';
import type { SandboxOptions } from '../../substrates/kubernetes/core/sandbox.ts';
import { type ClusterOptions, sandboxOf } from '../cluster-options.ts';
import { openSubstrate, type SubstrateName } from '../open-substrate.ts';

/** Where the runs of a matrix take place. */
export interface SharedSubstrateOptions {
  readonly on: SubstrateName;
  readonly cluster?: ClusterOptions;
  readonly runsFolder: string;
  /** Runs at a time. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  onNote(line: string): void;
}

/** Opens the substrate of one run after the other; what they share ends with it. */
export interface SharedSubstrate extends AsyncDisposable {
  open(context: SubstrateContext): Promise<Substrate>;
}

/** On kind one cluster for all runs, made before the first of them; elsewhere each run has a substrate of its own. */
export async function openSharedSubstrate(options: SharedSubstrateOptions): Promise<SharedSubstrate> {
  const { on, cluster = {}, onNote } = options;
  if (on === 'kind') return await shareCluster(sandboxOf(cluster), options);
  const open = openSubstrate({ on, s3: undefined, options: cluster, onNote });
  return { open, [Symbol.asyncDispose]: async () => {} };
}

/** A cluster that drills take turns in; one that is to lose its cluster still gets its own. */
export async function shareCluster(
  sandbox: SandboxOptions,
  { runsFolder, jobs, signal, onNote }: Omit<SharedSubstrateOptions, 'on' | 'cluster'>,
): Promise<SharedSubstrate> {
  onNote('making a cluster for all runs');
  const toolbox = await openToolbox({ signal, note: onNote });
  // The client of Kubernetes takes more memory than all of a local drill's code, so only a drill on a cluster loads it.
  const { KindSubstrate } = await import('../../substrates/kubernetes/kind/kind.ts');
  const { SharedCluster } = await import('../../substrates/kubernetes/kind/shared-cluster.ts');
  const context = contextOf(runsFolder, signal);
  await mkdir(context.logsFolder, { recursive: true });
  const shared = await SharedCluster.open(context, { ...sandbox, toolbox }, jobs);
  // Only a cluster that could not be made leaves logs there.
  await rmdir(context.logsFolder);
  return {
    open: async (run) => await KindSubstrate.open(run, { ...sandbox, toolbox, shared }),
    [Symbol.asyncDispose]: async () => await shared[Symbol.asyncDispose](),
  };
}

/** The cluster belongs to no single run, so that it has a run id of its own. */
function contextOf(runsFolder: string, signal: AbortSignal): SubstrateContext {
  const secrets = new SecretStore();
  const runId = makeRunId('sabotage-cluster');
  return {
    ...{ runId, signal, logsFolder: join(runsFolder, runId) },
    secret: (name) => secrets.secret(name),
    mask: (text) => secrets.mask(text),
    note: () => {},
  };
}
