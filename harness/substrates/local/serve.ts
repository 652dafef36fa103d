import { onFreePort } from '../../machine/processes/free-port.ts';
import type { ProgramCall } from '../../machine/processes/local-program.ts';
import { ServiceProcess } from '../../machine/processes/service-process.ts';
import { reveal } from '../../model/secret.ts';
import type { WorkloadServer } from '../../model/server.ts';
import type { World } from '../../model/target.ts';
import { type ImageHost, serveImage } from './containers/serve-image.ts';

const HOST = '127.0.0.1';
const PROBE_BUDGET_MS = 5_000;

/** What starting a workload's server needs from the substrate. */
export interface ServeHost extends ImageHost {
  /** How a program is called by something that passes the named variables on. */
  call(program: string, variables: readonly string[]): Promise<ProgramCall>;
}

/** A server that runs on this machine. */
export interface LocalServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the server of a workload, as a process or a container that listens on a free loopback port, and waits until it answers. */
export async function serve(server: WorkloadServer, world: World, host: ServeHost): Promise<LocalServer> {
  const { runs } = server;
  if ('image' in runs) return await serveImage(server, runs.image, world, host);
  return await onFreePort(async (port) => {
    const url = `http://${HOST}:${port}`;
    const given = reveal(await server.env(world, { host: HOST, port }));
    const calls = Object.entries(runs.calls).map(async ([variable, program]) => {
      const { command, prefix, env } = await host.call(program, Object.keys(given));
      return { ...env, [variable]: [command, ...prefix].join('\n') };
    });
    const { command, prefix, env } = await host.call(runs.program, []);
    const service = await ServiceProcess.start(
      {
        name: server.name,
        command,
        args: [...prefix, ...runs.args],
        env: Object.assign({}, env, ...(await Promise.all(calls)), given),
        cwd: host.workFolder,
        logFile: host.logFile,
        ready: async () => {
          const response = await fetch(`${url}${server.probe}`, { signal: AbortSignal.timeout(PROBE_BUDGET_MS) });
          if (!response.ok) throw new Error(`${server.probe} was answered with ${response.status}`);
        },
      },
      host.registry,
      host.signal,
    );
    return { url, stop: () => service.stop() };
  });
}
