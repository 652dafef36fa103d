import type { Rehearsal } from '../../model/drill.ts';
import { observeSchema } from '../observe/observe-schema.ts';
import { attempt } from '../phases/observe.ts';
import { given, type RunState } from '../run-state.ts';

/** Reads what was restored: every file, the schema, what the rows say, and what the workload itself looks at. */
export async function observeFound(state: RunState<Rehearsal>): Promise<string> {
  const { folder, drill } = state;
  const world = given(state.restored, 'the restored world');
  const seen: string[] = [];
  for (const component of world.names) {
    const target = world.target(component);
    state.listener.step(`reading ${component}`);
    await attempt(state, component, async () => {
      // What came and went in batches was read on the way.
      if (target.kind === 'volume' && !state.kept.has(component))
        seen.push(`${component} ${await folder.record('after', component, 'files', target.files())}`);
      if (target.kind !== 'postgres') return;
      await folder.record('after', component, 'schema', await observeSchema(target));
      await inspect(state, component);
      await folder.record('after', component, 'inventory', await drill.workload.inventory(world));
      seen.push(
        `${component} ${await folder.record('after', component, 'references', drill.workload.references(world))}`,
      );
    });
  }
  return seen.join(', ') || 'nothing: no component was restored';
}

async function inspect(state: RunState<Rehearsal>, component: string): Promise<void> {
  const { folder, drill } = state;
  const world = given(state.restored, 'the restored world');
  const [kept] = state.kept.values();
  const found = await drill.workload.inspect(world, (name) => folder.list('after', name, 'files'), kept);
  if (found.version) state.foundVersion = found.version;
  Object.assign(state.facts, found.facts);
  state.notTested.push(...found.notTested);
  await folder.record('after', component, 'sightings', found.sightings);
}
