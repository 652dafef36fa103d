import { connect } from 'node:net';
import type { Address } from '../../model/drill.ts';
import { DrillError } from '../../model/error.ts';

/** Tools try for a quarter of an hour, some of them in silence; a server that is up answers at once. */
const PROBE_BUDGET_MS = 10_000;
/** An answer of some kind comes from HTTP, from TLS, which takes it for nonsense, and from SSH, which speaks first. */
const QUESTION = 'HEAD / HTTP/1.0\r\n\r\n';

/** Asks whether anybody answers where a backup lies, before tools do; nobody says nothing about the backup. */
export async function probeServer(
  component: string,
  { host, port }: Address,
  { signal, budgetMs = PROBE_BUDGET_MS }: { readonly signal: AbortSignal; readonly budgetMs?: number },
): Promise<void> {
  const trouble = await answerOf({ host, port }, signal, budgetMs);
  signal.throwIfAborted();
  if (trouble !== undefined) throw unreachable(component, { host, port }, trouble);
}

/** The error for a server that does not answer. */
export function unreachable(component: string, { host, port }: Address, trouble: string): DrillError {
  return new DrillError({
    code: 'source-unreachable',
    where: `source/${component}`,
    what: `The server of the backup, ${host}:${port}, ${trouble}.`,
    next: 'see whether the server runs and the network reaches it, then run the drill again.',
    blame: 'environment',
  });
}

/** What is wrong with a server; undefined when it answers, whatever it says. */
export function answerOf(
  { host, port }: Address,
  signal: AbortSignal,
  budgetMs = PROBE_BUDGET_MS,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port });
    let isConnected = false;
    const settle = (trouble: string | undefined) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.destroy();
      resolve(trouble);
    };
    const stop = () => settle('was not asked to the end');
    const timer = setTimeout(
      () =>
        settle(`${isConnected ? 'took the connection, but said nothing' : 'did not answer'} for ${budgetMs / 1000} s`),
      budgetMs,
    );
    signal.addEventListener('abort', stop, { once: true });
    socket.on('connect', () => {
      isConnected = true;
      socket.write(QUESTION);
    });
    socket.on('data', () => settle(undefined));
    // Whoever hangs up on a question like that is there.
    socket.on('close', () => settle(undefined));
    socket.on('error', (error) =>
      settle(isConnected ? undefined : `could not be reached: ${error.message || 'refused'}`),
    );
  });
}
