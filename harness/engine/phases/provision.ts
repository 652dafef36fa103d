import { kindOf } from '../../kinds/kinds.ts';
import type { Target } from '../../model/target.ts';
import { World } from '../../model/target.ts';
import { type Part, substrateOf } from '../made.ts';
import type { Run } from '../run.ts';

/** Where backups go. */
export const BUCKET = 'backups';

/** Makes the world before the disaster: an empty volume or a new server for every component, the backup store, the vault. */
export async function provision(
  { log, listener }: Run,
  { opened, provisioned }: Part<'opened', 'provisioned'>,
): Promise<string> {
  const substrate = substrateOf(opened);
  const { workload } = opened.drill;
  listener.step(`making ${workload.components.map(({ name }) => name).join(', ')}`);
  // All at once: on a cluster each waits for its pod. None may go on unseen when another fails.
  const [vault, bucket, ...made] = await Promise.allSettled([
    substrate.vault(),
    substrate.bucket(BUCKET),
    ...workload.components.map((component) => kindOf(component).make(substrate, component.name, workload.name)),
  ]);
  const targets = made.map((one, i): [string, Target] => [workload.components[i]?.name ?? '', fulfilled(one)]);
  provisioned.world = new World(targets);
  const store = { vault: fulfilled(vault), bucket: fulfilled(bucket) };
  provisioned.store = store;
  for (const [name, target] of targets) {
    provisioned.identities.set(name, target.identity);
    if ('version' in target) log.facts[`${name} server`] = `${target.kind} ${target.version}`;
  }
  log.facts['backup store'] = store.bucket.server;
  return `${targets.length} components, backup store ${store.bucket.server}`;
}

function fulfilled<Value>(settled: PromiseSettledResult<Value>): Value {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}
