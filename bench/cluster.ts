import { join } from 'node:path';
import { Docker } from '../harness/machine/docker/docker.ts';
import { openToolbox } from '../harness/machine/tools/toolbox/toolbox.ts';
import { imageOf, loadImages } from '../harness/substrates/kubernetes/core/images.ts';
import { deleteCluster } from '../harness/substrates/kubernetes/kind/cluster/kind-cluster.ts';
import { bareSeconds } from './bare-tool.ts';
import type { Benchmark, BenchOptions, Measurement } from './benchmark.ts';
import { runChildDrill } from './child-drill.ts';
import { openBench } from './open-bench.ts';
import { secondsOf } from './seconds.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ASSETS = 500;
const DRILL_GOAL_SECONDS = 4 * 60;
const FIRST_JOB_GOAL_SECONDS = 60;

/** How long a drill takes on a cluster that is made for it, beside making the bare cluster. */
export const cluster: Benchmark = {
  name: 'cluster',
  summary: 'immich-full on a kind cluster from its making to its end, and its first Job, beside bare kind',
  on: 'kind',
  onlyByName: false,
  run,
};

async function run(options: BenchOptions): Promise<Measurement[]> {
  const bare = await bareCluster(options);
  const { made, firstJob } = await firstJobOf(options);
  await using folder = temporaryFolder();
  options.note('the whole drill');
  const assets = options.assets ?? ASSETS;
  const args = ['immich-full', '--on', 'kind', '--assets', String(assets)];
  const { result } = await runChildDrill(args, join(folder.path, 'runs'), options);
  if (result.failures.length > 0) throw new Error(`the drill failed: ${result.failures[0]?.message}`);
  const { seconds } = result.run;
  return [
    {
      what: 'making the cluster, asking its images, making a namespace',
      value: made,
      unit: 's',
      bare: { tool: 'kind create cluster --wait', value: bare },
      ratio: bare / made,
    },
    {
      what: 'cluster ready to first Job done',
      value: firstJob,
      unit: 's',
      goal: { text: `≤ ${FIRST_JOB_GOAL_SECONDS} s`, met: firstJob <= FIRST_JOB_GOAL_SECONDS },
    },
    {
      what: `immich-full, ${assets} assets, from making the cluster, ${result.verdict}`,
      value: seconds,
      unit: 's',
      goal: { text: `≤ ${DRILL_GOAL_SECONDS} s`, met: seconds <= DRILL_GOAL_SECONDS },
    },
  ];
}

async function bareCluster({ signal, note }: BenchOptions): Promise<number> {
  note('a bare cluster');
  const docker = await Docker.find();
  if (!(docker instanceof Docker)) throw new Error(docker);
  const { location: command } = await (await openToolbox()).provide('kind');
  const name = `drill-bench-${process.pid}`;
  await using folder = temporaryFolder();
  const kubeconfig = join(folder.path, 'kubeconfig');
  const create = ['create', 'cluster', '--name', name, '--kubeconfig', kubeconfig, '--wait', '180s'];
  try {
    return await bareSeconds(command, [...create, '--image', imageOf(loadImages(), 'kindNode')], signal);
  } finally {
    await deleteCluster({ docker, command, cluster: name, network: name }, kubeconfig);
  }
}

/** With the image of the job's program used for the first time, which makes the node unpack it. */
async function firstJobOf(options: BenchOptions): Promise<{ made: number; firstJob: number }> {
  options.note('a cluster of ours and its first Job');
  const madeMs = performance.now();
  await using bench = await openBench(options, 'kind');
  const made = (performance.now() - madeMs) / 1000;
  const job = { name: 'bench.first', volumes: [], steps: () => [{ program: 'cat', args: ['/dev/null'] }] };
  const firstJob = await secondsOf(() => bench.substrate.run(job));
  return { made, firstJob };
}
