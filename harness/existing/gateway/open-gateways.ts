import type { Part } from '../../engine/made.ts';
import type { Run } from '../../engine/run.ts';
import type { Substrate } from '../../model/substrate.ts';
import type { ReadOnlyGateway } from '../../model/watch.ts';
import { openReadOnlyGateway } from './read-only-gateway.ts';
import { LOOPBACK } from './through-gateways.ts';

/** Opens a gateway in front of each server of the backups whose requests can be seen, and says of the others why not. */
export async function openGateways(
  { log, journal, scope }: Run,
  { opened, watched }: Part<'opened', 'watched'>,
): Promise<void> {
  const servers = (opened.drill.watches ?? []).flatMap(({ server }) =>
    server === undefined ? [] : [originOf(server)],
  );
  const gateways: ReadOnlyGateway[] = [];
  for (const server of new Set(servers)) {
    const why = whyUnseen(opened.substrate, server);
    const gateway = why === undefined ? await openReadOnlyGateway(server) : undefined;
    if (gateway) {
      gateways.push(gateway);
      scope.add(`gateway to ${server}`, async () => await gateway[Symbol.asyncDispose]());
      journal.write('gateway', { to: server, url: gateway.url });
      // Slower than the loopback itself by half and more, and faster than a network of 1 Gbit/s.
      if (LOOPBACK.test(new URL(server).hostname))
        log.notTested.push({
          what: `how fast ${server} can be read at its best`,
          why: 'requests to it go by a gateway of the run, which passes on less than a server on the same machine can give',
        });
    } else
      log.notTested.push({
        what: `that no request but reads was made to ${server}`,
        why: why ?? 'it was not reached before the restore began',
      });
  }
  watched.gateways = gateways;
}

/** Scheme, host and port of a URL; whatever else it was given, as it is. */
export function originOf(server: string): string {
  const { origin = 'null' } = URL.canParse(server) ? new URL(server) : {};
  return origin === 'null' ? server : origin;
}

function whyUnseen(substrate: Substrate | undefined, server: string): string | undefined {
  if (server.startsWith('https:')) return 'TLS goes from the tool to the server: nothing in between can read a request';
  if (!server.startsWith('http:')) return 'only requests of http can be looked into on their way';
  if (!substrate?.sharesLoopback) return 'the tools run elsewhere, and reach it by themselves';
  if (process.env.HTTP_PROXY && !LOOPBACK.test(new URL(server).hostname))
    return 'they go by the proxy that HTTP_PROXY names';
  return undefined;
}
