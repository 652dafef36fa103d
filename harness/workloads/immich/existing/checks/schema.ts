import { observed } from '../../../../checks/judging/observed.ts';
import { Tally } from '../../../../checks/judging/tally.ts';
import { counted } from '../../../../checks/judging/wording.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';
import { MIGRATION } from '../inspect.ts';
import { needed } from '../schema/needed-objects.ts';
import { releaseSchemaOf } from '../schema/release-schema.ts';

/** Judges that the database has every table, column, key, index, trigger, function and type that its release makes. */
export function schema(component: string, differs: readonly string[]): Check {
  return {
    name: 'schema',
    component,
    proves: `Every table, column, key, index, trigger, function and type that its release of Immich makes is in ${component}, as that release defines it.`,
    judge: (evidence) => judgeSchema(evidence, component, new Set(differs)),
  };
}

async function judgeSchema(evidence: Evidence, component: string, differs: ReadonlySet<string>): Promise<Judgement> {
  const tally = new Tally();
  const there = new Map<string, string>();
  let own = 0;
  for await (const object of observed(evidence, tally, 'after', component, 'schema') ?? []) {
    const { id, definition } = object;
    // No release leaves any of these behind, known or not.
    if (/ NOT VALIDATED$| INVALID$/.test(definition) && !differs.has(id))
      tally.wrong(id, 'one that holds for all rows', definition);
    const form = needed(object);
    if (form !== undefined) there.set(id, form);
  }
  const release = releaseSchemaOf(await recordedMigrations(evidence, tally, component));
  if (!release)
    tally.gap(
      `the schema of ${evidence.facts['Immich version'] ?? 'this version'} is not known here, so that nothing tells what it lacks`,
    );
  const wanted = Object.entries(release?.objects ?? {});
  for (const [id, definition] of wanted) {
    const has = there.get(id);
    if (differs.has(id) || (has !== undefined && bare(has) === bare(definition))) continue;
    if (has === undefined) tally.wrong(id, `there, as in every ${release?.name}`, 'missing');
    else tally.wrong(id, definition, has);
  }
  for (const id of there.keys()) if (release && release.objects[id] === undefined) own += 1;
  const allowed = differs.size > 0 ? `, ${differs.size} known to differ` : '';
  return tally.judgement(
    'the schema that its release makes',
    `${counted(wanted.length, 'object')} of ${release?.name}, ${tally.count} missing or other, ${own} beside them${allowed}`,
  );
}

async function recordedMigrations(evidence: Evidence, tally: Tally, component: string): Promise<Set<string>> {
  const recorded = new Set<string>();
  for await (const { kind, id } of observed(evidence, tally, 'after', component, 'sightings') ?? [])
    if (kind === MIGRATION) recorded.add(id.slice(MIGRATION.length + 1));
  return recorded;
}

/** Releases of Postgres put other parentheses and spaces around the same expression. */
function bare(definition: string): string {
  return definition.replace(/[()\s]/g, '');
}
