import type { Part } from '../../engine/made.ts';
import { listUntested } from '../../engine/phases/list-untested.ts';
import { openPlace, programsOf } from '../../engine/phases/open-place.ts';
import type { Run } from '../../engine/run.ts';
import type { Rehearsal } from '../../model/drill.ts';
import { probeServers } from './probe-servers.ts';
import { lookBefore } from './watch-places.ts';

/** Opens the substrate and makes sure that programs are there; what opens the sources is masked from here on. */
export async function preflightRehearsal(run: Run, made: Part<never, 'opened', Rehearsal>): Promise<string> {
  const { drill } = made.opened;
  for (const secret of Object.values(drill.paths).flatMap(({ secrets }) => secrets)) run.secrets.add(secret);
  const { substrate } = await openPlace(run, made);
  await substrate.require([...new Set(await programsOf(drill, substrate))]);
  return `${substrate.tools().length} programs found`;
}

/** Nothing is made before the restore but places of the run's own; what cannot be tested is said now. */
export async function provisionRehearsal(run: Run, made: Part<'opened', 'watched', Rehearsal>): Promise<string> {
  const { drill } = made.opened;
  listUntested(run, drill, {
    noPath: 'the configuration names no backup of it',
    leftOut: () => 'left out of the backup, as the configuration says',
  });
  const { asked, resumes } = drill.batches ?? {};
  run.journal.write('rehearsal', { sources: drill.paths, ...(asked && { asked }), ...(resumes && { resumes }) });
  await probeServers(run, made);
  await lookBefore(run, made);
  return Object.entries(drill.paths)
    .map(([component, { name }]) => `${component} from ${name}`)
    .join(', ');
}
