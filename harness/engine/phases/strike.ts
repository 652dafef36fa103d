import type { DisasterContext } from '../../model/disaster.ts';
import { DrillError } from '../../model/error.ts';
import { World } from '../../model/target.ts';
import { given, protectedComponents, type RunState } from '../run-state.ts';

/** Stops the users' writes and destroys; what is destroyed is settled from here on. */
export async function strike(state: RunState): Promise<string> {
  const { disaster } = state.drill;
  await state.ledger?.stop();
  state.struck = disaster.strikes(protectedComponents(state.drill));
  state.journal.write('strike', { disaster: disaster.name, components: state.struck });
  const destroyed = await disaster.strike(disasterContext(state));
  state.destroyed = destroyed;
  state.journal.write('struck', { destroyed: destroyed.slice(0, 20), count: destroyed.length });
  return `${disaster.name}: ${state.struck.join(', ')}`;
}

/** Proves that what was struck is gone; without the proof no restore starts. */
export async function proveGone(state: RunState): Promise<string> {
  const { disaster } = state.drill;
  state.absences = await disaster.proveGone(disasterContext(state), given(state.destroyed, 'the strike'));
  for (const absence of state.absences) state.journal.write('absence', { absence });
  const still = state.absences.filter(({ gone }) => !gone);
  const unproved = state.struck.filter(
    (component) => !state.absences.some((absence) => absence.component === component),
  );
  if (still.length === 0 && unproved.length === 0 && state.struck.length > 0)
    return `${state.absences.length} ${state.absences.length === 1 ? 'proof' : 'proofs'} of absence`;
  const found = still.slice(0, 3).map(({ looked, found }) => `${looked}: ${found}`);
  throw new DrillError({
    code: 'not-gone',
    where: `disaster/${disaster.name}`,
    what: `The disaster left its victims in place, so a restore would prove nothing: ${[...found, ...unproved.map((name) => `no proof for ${name}`)].join('; ') || 'it struck no component'}.`,
    next: 'the drill stops before the restore; see the check "gone" and mend the disaster.',
    blame: 'backup',
  });
}

/** Looks again after the restore: what was destroyed must not be back where it was. */
export async function stillGone(state: RunState): Promise<void> {
  const again = await state.drill.disaster.proveGone(disasterContext(state), given(state.destroyed, 'the strike'));
  const marked = again.map((absence) => ({ ...absence, looked: `${absence.looked}, after the restore` }));
  for (const absence of marked) state.journal.write('absence', { absence });
  state.absences.push(...marked);
}

/** A disaster sees only what the drill protects: the rest has no backup to come back from. */
function disasterContext(state: RunState): DisasterContext {
  const world = given(state.world, 'the world');
  const targets = protectedComponents(state.drill).map((name) => [name, world.target(name)] as const);
  const { cluster } = given(state.substrate, 'the substrate');
  return { world: new World(targets), seed: state.drill.workload.scale.seed, ...(cluster && { cluster }) };
}
