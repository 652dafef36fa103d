import { attempt } from '../../engine/phases/observe.ts';
import { given, type RunState } from '../../engine/run-state.ts';
import { kindOf } from '../../kinds/kinds.ts';
import type { Rehearsal } from '../../model/drill.ts';
import type { Moment } from '../../model/manifest.ts';
import type { Inspection } from '../../model/workload.ts';

/** Reads what was restored: every file, the schema, what the rows say, and what the workload itself looks at. */
export async function observeFound(state: RunState<Rehearsal>): Promise<string> {
  return await readFound(state, 'after', (found) => {
    if (found.version) state.foundVersion = found.version;
    Object.assign(state.facts, found.facts);
    state.notTested.push(...found.notTested);
  });
}

/** Reads all of it as evidence of a moment; `note` gets what the workload says of its data. */
export async function readFound(
  state: RunState<Rehearsal>,
  moment: Moment,
  note: (found: Inspection) => void,
): Promise<string> {
  const { folder, drill } = state;
  const world = given(state.restored, 'the restored world');
  const seen: string[] = [];
  for (const component of world.names) {
    const target = world.target(component);
    state.listener.step(`reading ${component}`);
    await attempt(state, component, async () => {
      const kind = kindOf(target);
      // What came and went in batches was read on the way.
      const count = state.kept.has(component)
        ? undefined
        : await kind.observeFound?.(target, (list, items) => folder.record(moment, component, list, items));
      if (kind.holds !== 'rows') {
        if (count !== undefined) seen.push(`${component} ${count}`);
        return;
      }
      const [kept] = state.kept.values();
      const found = await drill.workload.inspect(world, (name) => folder.list(moment, name, 'files'), kept);
      note(found);
      await folder.record(moment, component, 'sightings', found.sightings);
      await folder.record(moment, component, 'inventory', await drill.workload.inventory(world));
      seen.push(
        `${component} ${await folder.record(moment, component, 'references', drill.workload.references(world))}`,
      );
    });
  }
  return seen.join(', ') || 'nothing: no component was restored';
}
