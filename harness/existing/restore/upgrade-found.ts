import { given, type Part, substrateOf } from '../../engine/made.ts';
import { untilServing } from '../../engine/phases/serve.ts';
import type { Run } from '../../engine/run.ts';
import type { UpgradeRehearsal } from '../../model/drill.ts';
import { NAMED_VERSION, REHEARSED_VERSION, UNKNOWN_VERSION } from '../../model/rehearsed-version.ts';
import { noteFound, readFound } from './observe-found.ts';
import { preflightRehearsal } from './preflight-rehearsal.ts';

/** Queues are not in the backups, and a server starts with empty ones. */
const QUEUES = 'redis';
/** The fact that the newer version has answered at all, whatever it said. */
const SERVED = 'seconds until it served';

/** Notes first which version is to be started: whatever goes wrong from here on was a rehearsal of it. */
export async function preflightUpgrade(run: Run, made: Part<never, 'opened', UpgradeRehearsal>): Promise<string> {
  const { toVersion } = made.opened.drill;
  run.log.facts[REHEARSED_VERSION] = toVersion || UNKNOWN_VERSION;
  if (toVersion) run.log.facts[NAMED_VERSION] = toVersion;
  return await preflightRehearsal(run, made);
}

/** Reads what was restored, then starts the newer version on it, waits until it serves, and ends it again. */
export async function upgradeFound(
  run: Run,
  made: Part<'opened', 'restored' | 'observed', UpgradeRehearsal>,
): Promise<string> {
  const { opened, restored } = made;
  const { facts } = run.log;
  const world = given(restored.world, 'the restored world');
  if (!restored.isComplete) return 'nothing was started: not everything was restored';
  const before = await readFound(run, made, 'before', noteFound(run, made));
  const queues = await (await substrateOf(opened).redis(QUEUES)).start();
  restored.world = world.with([[QUEUES, queues]]);
  const startedMs = performance.now();
  const endpoint = await untilServing(run, made);
  const { server } = opened.drill.workload;
  // One that has served is what it says that it is, and not what somebody has called its image.
  if (endpoint) facts[REHEARSED_VERSION] = restored.ready?.version ?? UNKNOWN_VERSION;
  if (!endpoint) return `${before}; ${server.title} does not serve`;
  facts[SERVED] = Math.round((performance.now() - startedMs) / 1000);
  // What it has left is read at rest: its jobs would go on writing meanwhile.
  await endpoint.stop?.();
  return `${before}; ${server.title} served`;
}

/** Reads what the newer version has left, to be compared with what it was given. */
export async function observeUpgraded(
  run: Run,
  made: Part<'opened' | 'restored', never, UpgradeRehearsal>,
): Promise<string> {
  const { facts } = run.log;
  if (facts[SERVED] === undefined) return 'nothing: the newer version does not serve';
  // The version that its rows tell is not asked for: a server may write it long after it serves.
  return await readFound(run, made, 'after', () => {});
}
