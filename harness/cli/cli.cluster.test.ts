import { beforeEach, describe, expect, it } from 'vitest';
import type { Docker } from '../machine/docker/docker.ts';
import { nameOfRun } from '../machine/docker/run-name.ts';
import { itAtNight } from '../machine/testing/at-night.ts';
import { clusterParts, imagesFile } from '../substrates/kubernetes/kind/testing/open-kind.ts';
import { Workplace } from './testing/workplace.ts';

const RUN_BUDGET_MS = 10 * 60_000;
/** Of a journal, some milliseconds apart: a cluster takes most of a minute. */
const POLLS = 15_000;
const CLUSTER_LABEL = 'io.x-k8s.kind.cluster';

let docker: Docker;
beforeEach(async (ctx) => {
  const parts = await clusterParts();
  if (typeof parts === 'string') return ctx.skip(parts);
  docker = parts.docker;
});

function start(place: Workplace) {
  return place.start(['notes', '--on', 'kind', '--images', imagesFile() ?? '']);
}

/** Waits until a run has begun a phase; a run on a cluster takes its time. */
async function until(place: Workplace, phase: string): Promise<string> {
  await place.journalUntil(({ event, phase: now }) => event === 'phase-started' && now === phase, POLLS);
  return nameOfRun(place.runs()[0] ?? '');
}

/** What Docker has of a cluster: containers, their anonymous volumes, networks. */
async function inDocker(cluster: string, volumes: readonly string[]): Promise<object> {
  const lists = await Promise.all([
    docker.run(['ps', '--all', '--quiet', '--filter', `label=${CLUSTER_LABEL}=${cluster}`]),
    docker.run(['network', 'ls', '--quiet', '--filter', `name=${cluster}`]),
    docker.run(['volume', 'ls', '--quiet']),
  ]);
  const [containers = '', networks = '', all = ''] = lists.map(({ stdout }) => stdout);
  return { containers, networks, volumes: volumes.filter((one) => all.split('\n').includes(one)) };
}

/** The anonymous volumes of a node, by name: they must go with it. */
async function volumesOf(cluster: string): Promise<string[]> {
  const format = '{{range .Mounts}}{{if eq .Type "volume"}}{{.Name}}\n{{end}}{{end}}';
  const { stdout } = await docker.run(['inspect', '--format', format, `${cluster}-control-plane`]);
  return stdout.split('\n').filter(Boolean);
}

const NOTHING = { containers: '', networks: '', volumes: [] };

describe('a run on kind that is stopped', () => {
  // Three clusters, two of them at once.
  itAtNight(
    'by kill -9 while its cluster is made, or in the backup, is found by drill gc, beside one that goes on',
    async () => {
      using early = new Workplace();
      using late = new Workplace();
      using other = new Workplace();
      const first = start(early);
      await early.journalUntil(({ event }) => event === 'phase-started');
      const node = nameOfRun(early.runs()[0] ?? '');
      await expect.poll(async () => await volumesOf(node), { timeout: RUN_BUDGET_MS, interval: 500 }).not.toEqual([]);
      first.kill('SIGKILL');
      await first;
      const earlyVolumes = await volumesOf(node);

      const [second, third] = [start(late), start(other)];
      const killed = await until(late, 'backup');
      second.kill('SIGKILL');
      await second;
      const lateVolumes = await volumesOf(killed);
      for (const place of [early, late]) {
        const { exitCode, stdout } = await place.run(['gc']);
        expect(exitCode, stdout).toBe(0);
        expect([place.leftFolders(), place.leftProcesses()]).toEqual([[], []]);
      }
      expect(await inDocker(node, earlyVolumes)).toEqual(NOTHING);
      expect(await inDocker(killed, lateVolumes)).toEqual(NOTHING);

      const { exitCode, stdout, stderr } = await third;
      expect(exitCode, `${stdout}${stderr}`).toBe(0);
      const [id = ''] = other.runs();
      expect(await inDocker(nameOfRun(id), [])).toEqual(NOTHING);
      expect(other.leftFolders()).toEqual([]);
    },
    RUN_BUDGET_MS,
  );

  it(
    'by Ctrl-C in the restore removes its cluster itself',
    async () => {
      using place = new Workplace();
      const child = start(place);
      const cluster = await until(place, 'restore');
      const volumes = await volumesOf(cluster);
      child.kill('SIGINT');
      const { exitCode, stderr } = await child;
      expect(exitCode, String(stderr)).toBe(130);
      expect(await inDocker(cluster, volumes)).toEqual(NOTHING);
      expect([place.leftFolders(), place.leftProcesses()]).toEqual([[], []]);
    },
    RUN_BUDGET_MS,
  );
});
