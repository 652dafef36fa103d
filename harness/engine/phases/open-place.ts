import type { AnyDrill } from '../../model/drill.ts';
import type { Program } from '../../model/job.ts';
import type { HostFacts, Substrate } from '../../model/substrate.ts';
import type { Part } from '../made.ts';
import type { Run } from '../run.ts';

/** Opens the place where the run goes on, which ends with it, and looks at the host. */
export async function openPlace(
  run: Run,
  { opened }: Part<never, 'opened'>,
): Promise<{ readonly substrate: Substrate; readonly host: HostFacts }> {
  const substrate = await run.openSubstrate();
  opened.substrate = substrate;
  run.scope.add(`substrate ${substrate.name}`, async () => await substrate[Symbol.asyncDispose]());
  const host = await substrate.facts();
  opened.host = host;
  return { substrate, host };
}

/** The programs that the paths of a drill need, those included that the substrate chooses. */
export async function programsOf(drill: AnyDrill, substrate: Substrate): Promise<Program[]> {
  const paths = Object.values(drill.paths);
  const programs = paths.flatMap((path) => path.programs);
  for (const { oneOf } of paths) if (oneOf) programs.push(await substrate.choose(oneOf));
  return programs;
}
