import type { Job, Step } from '../../model/job.ts';
import { Secret } from '../../model/secret.ts';
import type { ReadOnlyGateway } from '../../model/watch.ts';

/** Hosts that programs ask no proxy for. */
export const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/i;
/** Services of clouds that tell machines their keys, on addresses of their own. */
const NOT_THROUGH = '169.254.0.0/16,127.0.0.1,localhost';

/** The job, whose steps that reach a server behind a gateway go by way of that. */
export function throughGateways(
  job: Job,
  gateways: readonly ReadOnlyGateway[],
  made: (secret: Secret) => void = () => {},
): Job {
  if (gateways.length === 0) return job;
  const through = (step: Step) => {
    const moved = throughGateway(step, gateways);
    // A secret address with another host is a secret, too.
    for (const value of Object.values(moved.via ?? {})) if (value instanceof Secret) made(value);
    return moved;
  };
  return { ...job, steps: (scratch) => job.steps(scratch).map(through) };
}

/**
 * The step with what sends its requests to the server by way of a gateway: as a proxy, which leaves the host that is signed
 * for as it is, or, since programs ask no proxy for this machine's own servers, with the gateway's address in place of theirs.
 */
export function throughGateway(step: Step, gateways: readonly ReadOnlyGateway[]): Step {
  const via: Record<string, string | Secret> = {};
  for (const { to, url } of step.reachesOut ? gateways : []) {
    const { hostname, host, port } = new URL(to);
    const address = new RegExp(`http://([^/@]*@)?${escaped(host)}${port === '' ? '(?::80)?' : ''}(?=/|$)`, 'i');
    for (const [name, value] of Object.entries(step.env ?? {})) {
      const text = value instanceof Secret ? value.reveal() : value;
      if (!address.test(text)) continue;
      if (!LOOPBACK.test(hostname)) Object.assign(via, { HTTP_PROXY: url, http_proxy: url, NO_PROXY: NOT_THROUGH });
      else {
        const moved = text.replace(address, (_, login: string | undefined) => url.replace('//', `//${login ?? ''}`));
        via[name] = value instanceof Secret ? new Secret(value.name, moved) : moved;
      }
    }
  }
  return Object.keys(via).length === 0 ? step : { ...step, via };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
