import { setTimeout as delay } from 'node:timers/promises';
import { DrillError } from '../../model/error.ts';
import { type Endpoint, SERVER_CRASHED, type WorkloadServer } from '../../model/server.ts';
import type { Readiness } from '../../model/workload.ts';
import { given, type Part, substrateOf } from '../made.ts';
import { noteFailure } from '../note-failure.ts';
import type { Run } from '../run.ts';
import { timed } from '../timed.ts';

const READY_POLL_MS = 250;

type Serve = Part<'opened', 'restored'>;

/** Starts the workload's server on what was restored, and waits until it serves: the last part of the RTO. Gives where. */
export async function untilServing(run: Run, made: Serve): Promise<Endpoint | undefined> {
  const { opened, restored } = made;
  const startedMs = performance.now();
  const { server } = opened.drill.workload;
  let endpoint: Endpoint | undefined;
  if (server) {
    run.log.facts['answered by'] = server.title;
    run.listener.step(`starting ${server.title}`);
    endpoint = await start(run, made, server);
    // A server that cannot be started says nothing of what was restored: nobody was asked, which is unknown.
    if (!endpoint) return undefined;
  }
  run.listener.step('waiting until it serves again');
  const deadlineMs = performance.now() + substrateOf(opened).readyBudgetMs;
  for (;;) {
    run.signal.throwIfAborted();
    const seen = await look(made, endpoint);
    if (!seen) return endpoint;
    restored.ready = seen;
    if (seen.ready) restored.readySeconds = (performance.now() - startedMs) / 1000;
    if (seen.ready || seen.isFinal || performance.now() > deadlineMs) break;
    await delay(READY_POLL_MS);
  }
  run.journal.write('ready', { ...restored.ready, seconds: restored.readySeconds });
  return endpoint;
}

async function start(run: Run, { opened, restored }: Serve, server: WorkloadServer): Promise<Endpoint | undefined> {
  const substrate = substrateOf(opened);
  try {
    return await timed(run, { name: server.name, kind: 'service' }, () =>
      substrate.serve(server, given(restored.world, 'the restored world')),
    );
  } catch (error) {
    if (error instanceof DrillError && error.code === SERVER_CRASHED) {
      // It was started, and what it was started on made it end: that is an answer.
      const tail = run.secrets.mask(error.tail);
      restored.ready = { ready: false, saw: `${error.what} ${lastLine(tail)}`.trim() };
      run.journal.write('ready', { ...restored.ready, tail });
      return undefined;
    }
    noteFailure(run, opened, error);
    if (run.signal.aborted) throw error;
    return undefined;
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** What the workload says; undefined when it does not know what it looks at, so that nobody was asked. */
async function look({ opened, restored }: Serve, endpoint: Endpoint | undefined): Promise<Readiness | undefined> {
  try {
    return await opened.drill.workload.ready(given(restored.world, 'the restored world'), endpoint);
  } catch (error) {
    if (error instanceof DrillError && error.blame === 'environment') return undefined;
    return { ready: false, saw: error instanceof Error ? error.message : String(error) };
  }
}
