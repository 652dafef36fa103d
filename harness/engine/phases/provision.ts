import { kindOf } from '../../kinds/kinds.ts';
import type { Target } from '../../model/target.ts';
import { World } from '../../model/target.ts';
import { given, type RunState } from '../run-state.ts';

/** Where backups go. */
export const BUCKET = 'backups';

/** Makes the world before the disaster: an empty volume or a new server for every component, the backup store, the vault. */
export async function provision(state: RunState): Promise<string> {
  const substrate = given(state.substrate, 'the substrate');
  const { workload } = state.drill;
  state.listener.step(`making ${workload.components.map(({ name }) => name).join(', ')}`);
  // All at once: on a cluster each waits for its pod. None may go on unseen when another fails.
  const [vault, bucket, ...made] = await Promise.allSettled([
    substrate.vault(),
    substrate.bucket(BUCKET),
    ...workload.components.map((component) => kindOf(component).make(substrate, component.name, workload.name)),
  ]);
  const targets = made.map((one, i): [string, Target] => [workload.components[i]?.name ?? '', fulfilled(one)]);
  state.world = new World(targets);
  state.vault = new World([['vault', fulfilled(vault)]]);
  state.bucket = fulfilled(bucket);
  for (const [name, target] of targets) {
    state.identities.push({ component: name, before: target.identity, after: '' });
    if ('version' in target) state.facts[`${name} server`] = `${target.kind} ${target.version}`;
  }
  state.facts['backup store'] = state.bucket.server;
  return `${targets.length} components, backup store ${state.bucket.server}`;
}

function fulfilled<Value>(settled: PromiseSettledResult<Value>): Value {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}
