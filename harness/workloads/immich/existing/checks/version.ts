import { observed } from '../../../../checks/judging/observed.ts';
import { Tally } from '../../../../checks/judging/tally.ts';
import { counted } from '../../../../checks/judging/wording.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import { foreignKeysOf } from '../foreign-keys.ts';
import { MIGRATION } from '../inspect.ts';
import { compareMigrations } from '../releases.ts';

/** Immich relies on it: without it the same photo is taken in twice. */
const UNIQUE = 'UQ_assets_owner_checksum';

/** Judges that the database is as its version leaves one: no migration missing, no foreign key, no lost uniqueness. */
export function version(component: string): Check {
  return {
    name: 'version',
    component,
    proves: `The migrations and keys of ${component} are those that its version of Immich is known to have.`,
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
  if (recorded.length === 0)
    tally.gap('no migration is recorded: the database is older than v1.132, or none of Immich');
  const keys = recorded.length > 0 ? await judgeKeys(evidence, tally, component, found) : 'no keys looked at';
  const newer = strangers.length > 0 ? `, ${strangers.length} of a newer release than is known here` : '';
  return tally.judgement(
    'every migration and key of its version',
    `${found || 'a version that it does not tell'}, ${counted(recorded.length, 'migration')}${newer}, ${keys}`,
  );
}

async function judgeKeys(evidence: Evidence, tally: Tally, component: string, found: string): Promise<string> {
  const schema = observed(evidence, tally, 'after', component, 'schema');
  if (!schema) return 'no keys seen';
  const there = new Set<string>();
  for await (const { kind, id } of schema)
    there.add(kind === 'constraint' ? (id.slice('constraint '.length).split(' on ')[0] ?? '') : id);
  const wanted = foreignKeysOf(found);
  for (const name of wanted)
    if (!there.has(name)) tally.wrong(`foreign key ${name}`, `there, as in every ${found}`, 'missing');
  if (!there.has(`index ${UNIQUE}`) && !there.has(UNIQUE)) tally.wrong(`index ${UNIQUE}`, 'there', 'missing');
  return wanted.length > 0 ? counted(wanted.length, 'foreign key') : 'its foreign keys are not known here by name';
}
