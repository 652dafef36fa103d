import { type Part, substrateOf } from '../../engine/made.ts';
import type { Run } from '../../engine/run.ts';
import type { Address, Rehearsal } from '../../model/drill.ts';
import { answerOf, probeServer, unreachable } from './probe-server.ts';

type Servers = Part<'opened', 'watched', Rehearsal>;

/**
 * Asks every server of the backups once whether it answers, all at the same time and before anything else is asked of them:
 * a listing, or a tool, would wait for minutes, and for one after the other. From a cluster other servers can be reached than
 * from here.
 */
export async function probeServers(run: Run, { opened, watched }: Servers): Promise<void> {
  const { servers = {} } = opened.drill;
  if (substrateOf(opened).name !== 'local') return;
  const addresses = new Map(Object.values(servers).map((address) => [atOf(address), address]));
  const silent = new Map<string, string>();
  const ask = async ([at, address]: [string, Address]) => {
    run.listener.step(`asking whether ${at} answers`);
    const trouble = await answerOf(address, run.signal);
    if (trouble !== undefined) silent.set(at, trouble);
  };
  await Promise.all([...addresses].map(ask));
  run.signal.throwIfAborted();
  if (silent.size > 0) run.journal.write('servers-silent', { servers: Object.fromEntries(silent) });
  watched.silent = silent;
}

/** Refuses to start a tool on the backup of a component whose server does not answer, or did not when it was asked. */
export async function probeSource(
  { signal }: Run,
  made: Part<'opened' | 'watched', never, Rehearsal>,
  component: string,
) {
  const { opened, watched } = made;
  const address = opened.drill.servers?.[component];
  if (!address || opened.substrate?.name !== 'local') return;
  const trouble = watched.silent?.get(atOf(address));
  if (trouble !== undefined) throw unreachable(component, address, trouble);
  await probeServer(component, address, { signal });
}

/** An address in one word. */
export function atOf({ host, port }: Address): string {
  return `${host}:${port}`;
}
