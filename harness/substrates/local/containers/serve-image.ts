import { CONFINED, mountArgument } from '../../../machine/docker/container-arguments.ts';
import { RUN_LABEL, removeContainers } from '../../../machine/docker/containers.ts';
import { Docker } from '../../../machine/docker/docker.ts';
import { hasImage } from '../../../machine/docker/postgres-image.ts';
import { onFreePort } from '../../../machine/processes/free-port.ts';
import { type ProcessRegistry, ServiceProcess } from '../../../machine/processes/service-process.ts';
import { type Sandbox, SOCKETS } from '../../../machine/sandbox/sandbox.ts';
import { DrillError } from '../../../model/error.ts';
import { reveal } from '../../../model/secret.ts';
import { type Mount, serverCrashed, type WorkloadServer } from '../../../model/server.ts';
import type { World } from '../../../model/target.ts';
import type { LocalServer } from '../serve.ts';

const HOST = '127.0.0.1';
const SERVER_LABEL = 'restore-drill.server';
const PULL_BUDGET_MS = 20 * 60_000;
const PROBE_BUDGET_MS = 5_000;
const ENDED = 'service-ended';

/** What starting an image needs from the substrate. */
export interface ImageHost {
  readonly runId: string;
  readonly workFolder: string;
  readonly logFile: string;
  readonly signal: AbortSignal;
  readonly registry: ProcessRegistry;
  /** What it serves came out of a backup that somebody else has made. */
  readonly sandbox: Sandbox | undefined;
  note(line: string): void;
}

/** Starts the server of a workload from an image, as a container that listens on a free loopback port. */
export async function serveImage(
  server: WorkloadServer,
  image: string,
  world: World,
  host: ImageHost,
): Promise<LocalServer> {
  const docker = await Docker.find();
  if (!(docker instanceof Docker)) throw noDocker(image, docker);
  await pull(docker, image, host);
  const labels = { [RUN_LABEL]: host.runId, [SERVER_LABEL]: server.name };
  let serves = false;
  const registry: ProcessRegistry = {
    started: host.registry.started,
    // What ends before it has served is told by the error of its start.
    lost: (name, how) => serves && host.registry.lost(name, how),
  };
  return await onFreePort(async (port) => {
    const url = `http://${HOST}:${port}`;
    const given = reveal(await server.env(world, { host: HOST, port }));
    try {
      const service = await ServiceProcess.start(
        {
          name: server.name,
          command: docker.command,
          args: containerOf(image, Object.keys(given), server.volumes(world), labels, host.sandbox),
          env: { ...docker.env, ...given },
          cwd: host.workFolder,
          logFile: host.logFile,
          readyBudgetMs: server.readyBudgetMs,
          cleanUp: () => removeContainers(docker, labels),
          ready: async () => {
            const response = await fetch(`${url}${server.probe}`, { signal: AbortSignal.timeout(PROBE_BUDGET_MS) });
            if (!response.ok) throw new Error(`${server.probe} was answered with ${response.status}`);
          },
        },
        registry,
        host.signal,
      );
      serves = true;
      return { url, stop: () => service.stop() };
    } catch (error) {
      if (!(error instanceof DrillError) || error.code !== ENDED) throw error;
      throw serverCrashed(server.title, error.what, { tail: error.tail, cause: error });
    }
  });
}

/** Variables go by name, never by value; what it writes belongs to the account of the harness. */
function containerOf(
  image: string,
  variables: readonly string[],
  mounts: readonly Mount[],
  labels: Readonly<Record<string, string>>,
  sandbox: Sandbox | undefined,
): string[] {
  const { uid, gid } = sandbox?.account ?? { uid: process.getuid?.(), gid: process.getgid?.() };
  return [
    ...['run', '--rm', '--pull=never', '--init', '--log-driver=none', '--network=host'],
    '--security-opt=label=disable',
    `--user=${uid}:${gid}`,
    ...(sandbox ? [...CONFINED, mountArgument(sandbox.socketsFolder, SOCKETS, true)] : []),
    ...Object.entries(labels).map(([name, value]) => `--label=${name}=${value}`),
    ...mounts.map(({ volume, at = volume.path, readOnly = false }) => mountArgument(volume.path, at, readOnly)),
    ...variables.map((name) => `--env=${name}`),
    image,
  ];
}

async function pull(docker: Docker, image: string, { signal, note }: ImageHost): Promise<void> {
  if (await hasImage(docker, image)) return;
  note(`pulling the image ${image}: once, some minutes`);
  const pulled = await docker.run(['pull', '--quiet', image], { budgetMs: PULL_BUDGET_MS, signal });
  if (pulled.ok) return;
  throw new DrillError({
    code: 'image-missing',
    where: 'substrate/local',
    what: `The image ${image} is not on this machine and could not be pulled.`,
    next: `see whether its name is right, and run \`docker pull ${image}\` where there is a network.`,
    blame: 'environment',
    tail: pulled.tail,
  });
}

function noDocker(image: string, why: string): DrillError {
  return new DrillError({
    code: 'docker-missing',
    where: 'substrate/local',
    what: `The image ${image} is to be started, but ${why}.`,
    next: 'start Docker, then run it again.',
    blame: 'environment',
  });
}
