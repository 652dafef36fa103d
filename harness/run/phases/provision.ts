import type { Target } from '../../model/target.ts';
import { World } from '../../model/target.ts';
import { given, type RunState } from '../run-state.ts';

/** Makes the world before the disaster: an empty volume or a new server for every component, the backup store, the vault. */
export async function provision(state: RunState): Promise<string> {
  const substrate = given(state.substrate, 'the substrate');
  const { workload } = state.drill;
  const targets: [string, Target][] = [];
  for (const { name, kind } of workload.components) {
    state.listener.step(`making ${name}`);
    if (kind === 'volume') targets.push([name, await substrate.volume(name)]);
    else if (kind === 'postgres') targets.push([name, await (await substrate.postgres(name, workload.name)).start()]);
    else targets.push([name, await (await substrate.redis(name)).start()]);
  }
  state.world = new World(targets);
  state.vault = new World([['vault', await substrate.volume('vault')]]);
  state.bucket = await substrate.bucket('backups');
  for (const [name, target] of targets) {
    state.identities.push({ component: name, before: target.identity, after: '' });
    if (target.kind !== 'volume') state.facts[`${name} server`] = `${target.kind} ${target.version}`;
  }
  state.facts['backup store'] = state.bucket.server;
  return `${targets.length} components, backup store ${state.bucket.server}`;
}
