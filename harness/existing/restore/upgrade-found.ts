import { untilServing } from '../../engine/phases/serve.ts';
import { given, type RunState } from '../../engine/run-state.ts';
import type { UpgradeRehearsal } from '../../model/drill.ts';
import { readFound } from './observe-found.ts';

/** Queues are not in the backups, and a server starts with empty ones. */
const QUEUES = 'redis';
/** The fact that the newer version has answered at all, whatever it said. */
const SERVED = 'seconds until it served';

/** Reads what was restored, then starts the newer version on it, waits until it serves, and ends it again. */
export async function upgradeFound(state: RunState<UpgradeRehearsal>): Promise<string> {
  const restored = given(state.restored, 'the restored world');
  if (!state.wholeAgain) return 'nothing was started: not everything was restored';
  const before = await readFound(state, 'before', (found) => {
    if (found.version) state.foundVersion = found.version;
    Object.assign(state.facts, found.facts);
    state.notTested.push(...found.notTested);
  });
  const queues = await (await given(state.substrate, 'the substrate').redis(QUEUES)).start();
  state.restored = restored.with([[QUEUES, queues]]);
  if (state.drill.toVersion) state.facts['rehearsed version'] = state.drill.toVersion;
  const startedMs = performance.now();
  const endpoint = await untilServing(state);
  const { server } = state.drill.workload;
  if (!endpoint) return `${before}; ${server.title} does not serve`;
  state.facts[SERVED] = Math.round((performance.now() - startedMs) / 1000);
  // What it has left is read at rest: its jobs would go on writing meanwhile.
  await endpoint.stop?.();
  return `${before}; ${server.title} served`;
}

/** Reads what the newer version has left, to be compared with what it was given. */
export async function observeUpgraded(state: RunState<UpgradeRehearsal>): Promise<string> {
  if (state.facts[SERVED] === undefined) return 'nothing: the newer version does not serve';
  return await readFound(state, 'after', (found) => {
    if (found.version) state.facts['rehearsed version'] = found.version;
  });
}
