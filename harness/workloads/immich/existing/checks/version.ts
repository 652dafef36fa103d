import { observed } from '../../../../checks/judging/observed.ts';
import { Tally } from '../../../../checks/judging/tally.ts';
import { counted } from '../../../../checks/judging/wording.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import { MIGRATION } from '../inspect.ts';
import { compareMigrations, isKnown } from '../releases.ts';

/** Judges that the migrations of the database are those of its version: none missing, none of another release. */
export function version(component: string): Check {
  return {
    name: 'version',
    component,
    proves: `The migrations that ${component} has recorded are those that its version of Immich is known to have run.`,
    judge: (evidence) => judgeVersion(evidence, component),
  };
}

async function judgeVersion(evidence: Evidence, component: string): Promise<Judgement> {
  const tally = new Tally();
  const found = String(evidence.facts['Immich version'] ?? '');
  const recorded: string[] = [];
  for await (const { kind, id } of observed(evidence, tally, 'after', component, 'sightings') ?? [])
    if (kind === MIGRATION) recorded.push(id.slice(MIGRATION.length + 1));
  const { holes, missing, strangers } = compareMigrations(recorded, found);
  for (const name of new Set([...holes, ...missing]))
    tally.wrong(`migration ${name}`, `recorded, as in every ${found}`, 'missing');
  // An Immich does not start on a database in which a migration was run that it does not have.
  if (isKnown(found))
    for (const name of strangers) tally.wrong(`migration ${name}`, `none that ${found} does not have`, 'recorded');
  if (recorded.length === 0)
    tally.gap('no migration is recorded: the database is older than v1.132, or none of Immich');
  const newer = strangers.length > 0 ? `, ${strangers.length} of no release that is known here` : '';
  return tally.judgement(
    'every migration of its version',
    `${found || 'a version that it does not tell'}, ${counted(recorded.length, 'migration')}${newer}`,
  );
}
