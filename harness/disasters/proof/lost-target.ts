import { kindOf } from '../../kinds/kinds.ts';
import type { Absence, Disaster } from '../../model/disaster.ts';
import type { Target, World } from '../../model/target.ts';

/** A disaster that destroys one component as a whole. */
export function loseOne(name: string, summary: string, component: string): Disaster {
  return {
    name,
    summary,
    strikes: (components) => components.filter((one) => one === component),
    strike: async ({ world }) => [await loseTarget(world, component)],
    proveGone: async ({ world }) => [await proveLost(world, component)],
  };
}

/** Destroys a component's target; gives its name for people. */
export async function loseTarget(world: World, component: string): Promise<string> {
  const target = world.target(component);
  await target.destroy();
  return nameOf(target);
}

/** Asks afresh whether a component's target is still there. */
export async function proveLost(world: World, component: string): Promise<Absence> {
  const target = world.target(component);
  const exists = await target.exists();
  const found = `The ${kindOf(target).noun} is ${exists ? 'still' : 'no longer'} there.`;
  return { component, looked: nameOf(target), gone: !exists, found };
}

function nameOf(target: Target): string {
  return `${kindOf(target).noun} ${target.name} (${target.identity})`;
}
