import type { DisasterContext } from '../../model/disaster.ts';
import type { Drill } from '../../model/drill.ts';
import { DrillError } from '../../model/error.ts';
import { World } from '../../model/target.ts';
import { protectedComponents } from '../drill-parts.ts';
import { given, type Part, substrateOf } from '../made.ts';
import type { Run } from '../run.ts';

/** Stops the users' writes and destroys; what is destroyed is settled from here on. */
export async function strike(
  { journal }: Run,
  made: Part<'opened' | 'provisioned' | 'backedUp', 'struck', Drill>,
): Promise<string> {
  const { backedUp, struck } = made;
  const { drill } = made.opened;
  const { disaster } = drill;
  await backedUp.ledger?.stop();
  struck.components = disaster.strikes(protectedComponents(drill));
  journal.write('strike', { disaster: disaster.name, components: struck.components });
  const destroyed = await disaster.strike(disasterContext(made));
  struck.destroyed = destroyed;
  journal.write('struck', { destroyed: destroyed.slice(0, 20), count: destroyed.length });
  return `${disaster.name}: ${struck.components.join(', ')}`;
}

/** Proves that what was struck is gone; without the proof no restore starts. */
export async function proveGone(
  { journal }: Run,
  made: Part<'opened' | 'provisioned', 'struck', Drill>,
): Promise<string> {
  const { components, destroyed, absences } = made.struck;
  const { disaster } = made.opened.drill;
  absences.push(...(await disaster.proveGone(disasterContext(made), given(destroyed, 'the strike'))));
  for (const absence of absences) journal.write('absence', { absence });
  const still = absences.filter(({ gone }) => !gone);
  const unproved = components.filter((component) => !absences.some((absence) => absence.component === component));
  if (still.length === 0 && unproved.length === 0 && components.length > 0)
    return `${absences.length} ${absences.length === 1 ? 'proof' : 'proofs'} of absence`;
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
export async function stillGone(
  { journal }: Run,
  made: Part<'opened' | 'provisioned', 'struck', Drill>,
): Promise<void> {
  const { destroyed, absences } = made.struck;
  const again = await made.opened.drill.disaster.proveGone(disasterContext(made), given(destroyed, 'the strike'));
  const marked = again.map((absence) => ({ ...absence, looked: `${absence.looked}, after the restore` }));
  for (const absence of marked) journal.write('absence', { absence });
  absences.push(...marked);
}

/** A disaster sees only what the drill protects: the rest has no backup to come back from. */
function disasterContext({ opened, provisioned }: Part<'opened' | 'provisioned', never, Drill>): DisasterContext {
  const world = given(provisioned.world, 'the world');
  const targets = protectedComponents(opened.drill).map((name) => [name, world.target(name)] as const);
  const { cluster } = substrateOf(opened);
  return { world: new World(targets), seed: opened.drill.workload.scale.seed, ...(cluster && { cluster }) };
}
