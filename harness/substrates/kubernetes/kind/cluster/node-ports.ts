import getPort, { portNumbers } from 'get-port';
import { DrillError } from '../../../../model/error.ts';
import type { PortForward, PortForwards } from '../../core/services/port-forward.ts';

const HOST = '127.0.0.1';
/** The first of the ports that Kubernetes gives to services of a node. */
const FIRST_NODE_PORT = 30_000;
/** Below what systems give to outgoing connections, which would take a port away in between. */
const HOST_PORTS = [20_000, 32_000] as const;

/** What one run needs: two servers of a workload, one for S3, and as many again for each restore. */
export const PORTS_OF_RUN = 16;

/** A port of the node, and the port of this machine that leads to it. */
export interface PortPair {
  readonly nodePort: number;
  readonly hostPort: number;
}

/** Free ports of this machine for services of a cluster, which must be named before the cluster is made. */
export async function reservePorts(count: number): Promise<PortPair[]> {
  const pairs: PortPair[] = [];
  const exclude: number[] = [];
  const [from, to] = HOST_PORTS;
  // Runs side by side begin at different places, so that they seldom want the same port at the same time.
  const start = from + Math.floor(Math.random() * (to - from - count));
  for (let i = 0; i < count; i += 1) {
    const hostPort = await getPort({ host: HOST, port: portNumbers(start + i, to), exclude });
    exclude.push(hostPort);
    pairs.push({ nodePort: FIRST_NODE_PORT + i, hostPort });
  }
  return pairs;
}

/**
 * Gives the ports out, each only once: a server that is destroyed must not seem alive because its successor answers at
 * the same port.
 */
export class PortPool implements PortForwards {
  readonly #free: PortPair[];
  readonly #count: number;

  constructor(pairs: readonly PortPair[]) {
    this.#free = [...pairs];
    this.#count = pairs.length;
  }

  async take(): Promise<PortForward> {
    const pair = this.#free.shift();
    if (pair)
      return {
        service: { type: 'NodePort', nodePort: pair.nodePort },
        outside: { host: HOST, port: pair.hostPort },
        // The node leads to it as soon as the Service is there, and no longer.
        open: () => {},
        close: async () => {},
      };
    throw new DrillError({
      code: 'ports-used-up',
      where: 'substrate/kind',
      what: `All ${this.#count} ports between this machine and the cluster have been given to servers.`,
      next: 'open the substrate with more ports.',
      blame: 'harness',
    });
  }
}
