import type { Check, Evidence, Judgement } from '../model/check.ts';
import type { SchemaObject } from '../model/manifest.ts';
import { joinUnique } from './join/join-sorted.ts';
import { observedTwice } from './judging/observed.ts';
import { Tally } from './judging/tally.ts';
import { counted } from './judging/wording.ts';

/** Judges that a database has the tables, columns, indexes, constraints, owners, grants and so on that it had. */
export function schema(component: string): Check {
  return {
    name: 'schema',
    component,
    proves: `Every table, index, constraint, trigger, function, type, extension and sequence of ${component} is back as it was defined, with its owner, its grants and its row security.`,
    judge: (evidence) => judgeSchema(evidence, component),
  };
}

async function judgeSchema(evidence: Evidence, component: string): Promise<Judgement> {
  const tally = new Tally();
  const lists = observedTwice(evidence, tally, component, 'schema');
  let compared = 0;
  if (lists) {
    for await (const { left, right } of joinUnique(lists.before, lists.after, (object) => object.id)) {
      if (left) compared += 1;
      if (left && !right) tally.wrong(subjectOf(left), left.definition, 'missing');
      else if (right && !left) tally.wrong(subjectOf(right), 'no such object', right.definition);
      else if (left && right && left.definition !== right.definition && !isNewerExtension(left, right)) {
        tally.wrong(subjectOf(left), left.definition, right.definition);
      }
    }
    if (compared === 0) tally.gap(`no object of the schema of ${component} was recorded before the backup`);
  }
  const objects = counted(compared, 'object');
  return tally.judgement('the same objects with the same definitions', `${objects} compared, ${tally.count} differ`);
}

function subjectOf(object: SchemaObject): string {
  if (object.table === undefined || object.kind === 'table') return object.id;
  return `${object.id} on ${object.table}`;
}

const VERSION = /^version (\S+)/;
const NUMERIC = { numeric: true } as const;

/** A newer version of an extension reads what an older one has written, and servers bring newer ones along; never the reverse. */
function isNewerExtension(before: SchemaObject, after: SchemaObject): boolean {
  if (before.kind !== 'extension') return false;
  const [older, newer] = [before, after].map(({ definition }) => VERSION.exec(definition)?.[1]);
  const sameBeside = before.definition.replace(VERSION, '') === after.definition.replace(VERSION, '');
  return older !== undefined && newer !== undefined && sameBeside && newer.localeCompare(older, 'en', NUMERIC) > 0;
}
