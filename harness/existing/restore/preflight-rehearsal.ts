import type { RunState } from '../../engine/run-state.ts';
import { kindOf } from '../../kinds/kinds.ts';
import type { Rehearsal } from '../../model/drill.ts';
import { lookBefore } from './watch-places.ts';

/** Opens the substrate and makes sure that programs are there; what opens the sources is masked from here on. */
export async function preflightRehearsal(state: RunState<Rehearsal>): Promise<string> {
  const paths = Object.values(state.drill.paths);
  for (const secret of paths.flatMap(({ secrets }) => secrets)) state.secrets.add(secret);
  const substrate = await state.openSubstrate();
  state.substrate = substrate;
  state.scope.add(`substrate ${substrate.name}`, async () => await substrate[Symbol.asyncDispose]());
  state.host = await substrate.facts();
  const programs = paths.flatMap((path) => path.programs);
  for (const { oneOf } of paths) if (oneOf) programs.push(await substrate.choose(oneOf));
  await substrate.require([...new Set(programs)]);
  return `${substrate.tools().length} programs found`;
}

/** Nothing is made before the restore but places of the run's own; what cannot be tested is said now. */
export async function provisionRehearsal(state: RunState<Rehearsal>): Promise<string> {
  const { drill, notTested } = state;
  for (const { name } of drill.workload.components)
    if (!drill.paths[name]) notTested.push({ what: name, why: 'the configuration names no backup of it' });
  for (const [component, path] of Object.entries(drill.paths)) {
    const lost = kindOf({ kind: path.protects }).notKept(path.promises);
    if (lost.length > 0)
      notTested.push({
        what: `${lost.join(', ')} of the files in ${component}`,
        why: `${path.name} does not keep them`,
      });
    for (const folder of path.promises.leavesOut)
      notTested.push({ what: `${component}/${folder}`, why: 'left out of the backup, as the configuration says' });
  }
  const { asked, resumes } = drill.batches ?? {};
  state.journal.write('rehearsal', { sources: drill.paths, ...(asked && { asked }), ...(resumes && { resumes }) });
  await lookBefore(state);
  return Object.entries(drill.paths)
    .map(([component, { name }]) => `${component} from ${name}`)
    .join(', ');
}
