import { given, type Part } from '../../engine/made.ts';
import { attempt } from '../../engine/phases/observe.ts';
import type { Run } from '../../engine/run.ts';
import { holdsRows } from '../../kinds/holds-rows.ts';
import { kindOf } from '../../kinds/kinds.ts';
import type { Rehearsal } from '../../model/drill.ts';
import type { Moment } from '../../model/manifest.ts';
import type { Inspection } from '../../model/workload.ts';

type ObserveFound = Part<'opened' | 'restored', 'observed', Rehearsal>;

/** Reads what was restored: every file, the schema, what the rows say, and what the workload itself looks at. */
export async function observeFound(run: Run, made: ObserveFound): Promise<string> {
  return await readFound(run, made, 'after', noteFound(run, made));
}

/** Notes what the workload says of its data as what the run knows of it. */
export function noteFound({ log }: Run, { observed }: Part<never, 'observed'>): (found: Inspection) => void {
  return (found) => {
    if (found.version) observed.version = found.version;
    Object.assign(log.facts, found.facts);
    Object.assign(log.numbers, found.numbers);
    log.notTested.push(...found.notTested);
  };
}

/** Reads all of it as evidence of a moment; `note` gets what the workload says of its data. */
export async function readFound(
  run: Run,
  { opened, restored }: Part<'opened' | 'restored', never, Rehearsal>,
  moment: Moment,
  note: (found: Inspection) => void,
): Promise<string> {
  const { folder } = run;
  const { drill } = opened;
  const world = given(restored.world, 'the restored world');
  const asked = new Set(drill.workload.components.filter(holdsRows).map(({ name }) => name));
  const seen: string[] = [];
  // What has rows looks at the files, too, in whatever order they were restored.
  for (const component of world.names.toSorted((a, b) => Number(asked.has(a)) - Number(asked.has(b)))) {
    const target = world.target(component);
    run.listener.step(`reading ${component}`);
    await attempt(run, opened, component, async () => {
      const kind = kindOf(target);
      // What came and went in batches was read on the way.
      const count = restored.kept.has(component)
        ? undefined
        : await kind.observeFound?.(target, (list, items) => folder.record(moment, component, list, items));
      if (!asked.has(component)) {
        if (count !== undefined) seen.push(`${component} ${count}`);
        return;
      }
      const [kept] = restored.kept.values();
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
