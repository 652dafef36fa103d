import { setTimeout as delay } from 'node:timers/promises';
import { DrillError } from '../../model/error.ts';
import { type Endpoint, SERVER_CRASHED, type WorkloadServer } from '../../model/server.ts';
import type { Readiness } from '../../model/workload.ts';
import { describeFailure } from '../failure.ts';
import { type AnyRunState, given } from '../run-state.ts';
import { timed } from '../timed.ts';

const READY_POLL_MS = 250;

/** Starts the workload's server on what was restored, and waits until it serves: the last part of the RTO. Gives where. */
export async function untilServing(state: AnyRunState): Promise<Endpoint | undefined> {
  const startedMs = performance.now();
  const { server } = state.drill.workload;
  let endpoint: Endpoint | undefined;
  if (server) {
    state.facts['answered by'] = server.title;
    state.listener.step(`starting ${server.title}`);
    endpoint = await start(state, server);
    // A server that cannot be started says nothing of what was restored: nobody was asked, which is unknown.
    if (!endpoint) return undefined;
  }
  state.listener.step('waiting until it serves again');
  const deadlineMs = performance.now() + given(state.substrate, 'the substrate').readyBudgetMs;
  for (;;) {
    state.signal.throwIfAborted();
    const seen = await look(state, endpoint);
    if (!seen) return endpoint;
    state.ready = seen;
    if (state.ready.ready) state.readySeconds = (performance.now() - startedMs) / 1000;
    if (seen.ready || seen.isFinal || performance.now() > deadlineMs) break;
    await delay(READY_POLL_MS);
  }
  state.journal.write('ready', { ...state.ready, seconds: state.readySeconds });
  return endpoint;
}

async function start(state: AnyRunState, server: WorkloadServer): Promise<Endpoint | undefined> {
  const substrate = given(state.substrate, 'the substrate');
  try {
    return await timed(state, { name: server.name, kind: 'service' }, () =>
      substrate.serve(server, given(state.restored, 'the restored world')),
    );
  } catch (error) {
    if (error instanceof DrillError && error.code === SERVER_CRASHED) {
      // It was started, and what it was started on made it end: that is an answer.
      const tail = state.secrets.mask(error.tail);
      state.ready = { ready: false, saw: `${error.what} ${lastLine(tail)}`.trim() };
      state.journal.write('ready', { ...state.ready, tail });
      return undefined;
    }
    const casualties = substrate.casualties();
    const told = describeFailure(error, { phase: state.phase, casualties, interrupted: state.signal.aborted });
    // A server says what it likes.
    const failure = { ...told, tail: state.secrets.mask(told.tail) };
    state.failures.push(failure);
    state.journal.write('failure', { failure });
    if (state.signal.aborted) throw error;
    return undefined;
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** What the workload says; undefined when it does not know what it looks at, so that nobody was asked. */
async function look(state: AnyRunState, endpoint: Endpoint | undefined): Promise<Readiness | undefined> {
  try {
    return await state.drill.workload.ready(given(state.restored, 'the restored world'), endpoint);
  } catch (error) {
    if (error instanceof DrillError && error.blame === 'environment') return undefined;
    return { ready: false, saw: error instanceof Error ? error.message : String(error) };
  }
}
