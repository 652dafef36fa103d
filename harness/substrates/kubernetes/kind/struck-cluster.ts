import { request } from 'node:https';
import type { Cluster, ClusterPart, Reach } from '../../../model/cluster.ts';
import type { Target } from '../../../model/target.ts';
import type { Sandbox } from '../core/sandbox.ts';
import { destroyPart, lookForPart } from '../core/sandbox-parts.ts';
import { deleteCluster } from './cluster/kind-cluster.ts';
import type { OpenCluster } from './open-cluster.ts';

const ANSWER_BUDGET_MS = 5_000;
const ID_CHARS = 12;
const PART = /^(cluster|node) (\S+) \(container ([0-9a-f]+)\)$/;

/** What disasters need of the substrate. */
export interface StruckHost {
  current(): { readonly open: OpenCluster; readonly sandbox: Sandbox };
  /** Goes on without what is about to be taken: nothing waits for it any more. */
  markLost(taken: Reach): Promise<void>;
  recreate(): Promise<string>;
}

/** Where an API server was, and the certificate by which one tells it from another one at the same port. */
interface Api {
  readonly server: string;
  readonly ca: string;
}

/** The kind cluster of a run as disasters see it. */
export class StruckCluster implements Cluster {
  readonly #host: StruckHost;
  readonly #apis = new Map<string, Api>();

  constructor(host: StruckHost) {
    this.#host = host;
  }

  async parts(kind: ClusterPart, target: Target): Promise<readonly string[]> {
    const { open, sandbox } = this.#host.current();
    const inside = await sandbox.parts.parts(kind, target);
    if (inside) return inside;
    const { docker, cluster } = open.program;
    const listed = await docker.run([
      ...['ps', '--all', '--no-trunc', '--filter', `label=io.x-k8s.kind.cluster=${cluster}`],
      ...['--format', '{{.ID}} {{.Names}}'],
    ]);
    const nodes = listed.stdout.split('\n').filter(Boolean);
    const parts = nodes.map((line) => {
      const [id = '', name = ''] = line.split(' ');
      return `${kind} ${kind === 'node' ? name : cluster} (container ${id.slice(0, ID_CHARS)})`;
    });
    for (const part of parts) this.#apis.set(part, open.kube.api);
    return parts;
  }

  async destroy(part: string): Promise<void> {
    const { open } = this.#host.current();
    const [, kind, , container = ''] = PART.exec(part) ?? [];
    if (part.startsWith(`namespace ${open.kube.namespace} `)) await this.#host.markLost('namespace');
    if (await destroyPart(open.observerClient, part)) return;
    await this.#host.markLost('cluster');
    if (kind === 'cluster') return await deleteCluster(open.program, open.cluster.kubeconfig);
    const killed = await open.program.docker.run(['kill', container]);
    if (!killed.ok) throw new Error(`the ${part} could not be killed: ${killed.tail}`);
  }

  async look(part: string): Promise<{ gone: boolean; found: string }> {
    const { open } = this.#host.current();
    const inside = await lookForPart(open.observerClient, part);
    if (inside) return inside;
    const [, kind, name, container = ''] = PART.exec(part) ?? [];
    const { docker } = open.program;
    const filters = kind === 'node' ? [`id=${container}`, 'status=running'] : [`label=io.x-k8s.kind.cluster=${name}`];
    const listed = await docker.run(['ps', '--all', '--quiet', ...filters.flatMap((one) => ['--filter', one])]);
    if (!listed.ok) return { gone: false, found: `Docker did not tell: ${listed.tail}` };
    const left = listed.stdout.trim();
    const api = this.#apis.get(part);
    const answer = api ? await answerOf(api) : 'nobody knows where its API was';
    const runs = kind === 'node' ? 'running container' : 'container';
    const seen = left === '' ? `Docker has no ${runs} of it` : `Docker has the ${runs} ${left} of it`;
    const gone = left === '' && api !== undefined && answer !== ANSWERS;
    return { gone, found: `${seen}, and its API at ${api?.server ?? '?'}: ${answer}.` };
  }

  async recreate(): Promise<string> {
    return await this.#host.recreate();
  }
}

const ANSWERS = 'it answers';

/** Any answer counts, an error of its own included; another server at the same port has another certificate. */
async function answerOf({ server, ca }: Api): Promise<string> {
  return await new Promise((resolve) => {
    const asked = request(`${server}/livez`, { ca, timeout: ANSWER_BUDGET_MS }, (response) => {
      response.resume();
      resolve(ANSWERS);
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${ANSWER_BUDGET_MS / 1000} s`)));
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    asked.end();
  });
}
