import { openToolbox, type Toolbox } from '../machine/tools/toolbox/toolbox.ts';
import { workRoot } from '../machine/work-folders/work-root.ts';
import { DrillError } from '../model/error.ts';
import type { Substrate, SubstrateContext } from '../model/substrate.ts';
import type { SandboxOptions } from '../substrates/kubernetes/core/sandbox.ts';
import { LocalSubstrate } from '../substrates/local/local.ts';
import { type ClusterOptions, sandboxOf, userContextOf } from './cluster-options.ts';
import type { StoreChoice } from './store-option.ts';

/** Where drills can run. */
export const SUBSTRATES = ['local', 'kind', 'cluster'] as const;
export type SubstrateName = (typeof SUBSTRATES)[number];

const LOCAL_S3: StoreChoice = 'versitygw';
const LOOPBACK = /^(localhost|127\..*|\[::1\])$/;

/** Opens the substrate of this machine; notes on what is being installed go to the journal and to whoever watches. */
export function openLocal({
  s3,
  onNote,
}: {
  s3: StoreChoice;
  onNote: (line: string) => void;
}): (context: SubstrateContext) => Promise<Substrate> {
  return async (context) => await LocalSubstrate.open(context, { toolbox: await openTools(context, onNote), s3 });
}

/** Opens the substrate by its name; without an S3 server named, each takes its own default. */
export function openSubstrate({
  on,
  s3,
  options = {},
  images = [],
  onNote,
}: {
  on: SubstrateName;
  s3: StoreChoice | undefined;
  options?: ClusterOptions;
  /** Images beside those of the image map that a new cluster is given, where this machine has them. */
  images?: readonly string[];
  onNote: (line: string) => void;
}): (context: SubstrateContext) => Promise<Substrate> {
  // First: a folder that is of no use is told before anything starts.
  workRoot();
  if (on === 'local') return openLocal({ s3: s3 ?? LOCAL_S3, onNote });
  if (typeof s3 === 'object' && LOOPBACK.test(new URL(s3.endpoint).hostname)) throw onlyHere(s3.endpoint);
  const sandbox = { ...sandboxOf(options), ...(s3 && { s3 }) };
  if (on === 'cluster') return openCluster(sandbox, options, onNote);
  return async (context) => {
    onNote('making a cluster: less than a minute, and longer when its node image has to be pulled');
    const toolbox = await openTools(context, onNote);
    // The client of Kubernetes takes more memory than all of a local drill's code, so only a drill on a cluster loads it.
    const { KindSubstrate } = await import('../substrates/kubernetes/kind/kind.ts');
    return await KindSubstrate.open(context, { ...sandbox, toolbox, moreImages: images });
  };
}

function openCluster(sandbox: SandboxOptions, options: ClusterOptions, onNote: (line: string) => void) {
  return async (context: SubstrateContext): Promise<Substrate> => {
    const toolbox = await openTools(context, onNote);
    const { ClusterSubstrate } = await import('../substrates/kubernetes/cluster/cluster.ts');
    const { allowContext, allowUnconfinedRole = false } = options;
    const user = { ...userContextOf(options), ...(allowContext && { allowContext }), allowUnconfinedRole };
    return await ClusterSubstrate.open(context, { ...sandbox, ...user, toolbox });
  };
}

async function openTools(context: SubstrateContext, onNote: (line: string) => void): Promise<Toolbox> {
  return await openToolbox({
    signal: context.signal,
    note: (line) => {
      context.note('tools', { line });
      onNote(line);
    },
  });
}

function onlyHere(endpoint: string): DrillError {
  return new DrillError({
    code: 'store-only-here',
    where: 'cli',
    what: `The S3 server ${endpoint} listens on this machine alone, and the jobs of a cluster run elsewhere.`,
    next: 'give --s3 an address that pods can reach, or leave it out: then one is started in the cluster.',
    blame: 'usage',
  });
}
