import { observedTwice } from '../../../../checks/judging/observed.ts';
import { Tally } from '../../../../checks/judging/tally.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import { REHEARSED_VERSION, UNKNOWN_VERSION } from '../../../../model/rehearsed-version.ts';
import { MIGRATION } from '../inspect.ts';

/** Judges that the newer version has run its migrations on top of those that were recorded, and tells which. */
export function migrationsRun(database: string): Check {
  return {
    name: 'migrations',
    component: database,
    proves: 'The newer version has brought the database to its own version, and forgot none of the migrations before.',
    judge: (evidence) => judgeMigrations(evidence, database),
  };
}

async function judgeMigrations(evidence: Evidence, database: string): Promise<Judgement> {
  const tally = new Tally();
  const lists = observedTwice(evidence, tally, database, 'sightings');
  const before = lists ? await namesIn(lists.before) : [];
  const after = lists ? await namesIn(lists.after) : [];
  for (const name of before)
    if (!after.includes(name)) tally.wrong(`migration ${name}`, 'recorded, as before the upgrade', 'missing');
  const from = String(evidence.facts['Immich version'] ?? '');
  const to = String(evidence.facts[REHEARSED_VERSION] ?? UNKNOWN_VERSION);
  if (lists && to === UNKNOWN_VERSION) tally.gap('nobody has said which version has run them');
  const run = after.filter((name) => !before.includes(name));
  const which = run.length > 0 ? `: ${run.join(', ')}` : '';
  return tally.judgement('its own migrations on top of the others', `${from} to ${to}, ${run.length} ran${which}`);
}

async function namesIn(sightings: AsyncIterable<{ readonly kind: string; readonly id: string }>): Promise<string[]> {
  const names: string[] = [];
  for await (const { kind, id } of sightings) if (kind === MIGRATION) names.push(id.slice(MIGRATION.length + 1));
  return names;
}
