import type { Check, Evidence, Judgement } from '../model/check.ts';
import type { ResourceObject } from '../model/manifest.ts';
import { joinUnique } from './join/join-sorted.ts';
import { applicablePromises } from './judging/applicable-promises.ts';
import { observedTwice } from './judging/observed.ts';
import { fieldsOf } from './judging/resource-fields.ts';
import { Tally } from './judging/tally.ts';
import { counted } from './judging/wording.ts';

const SHOWN_CHARS = 120;
const CLASS_FIELD = 'spec.storageClassName';

/** Judges that a namespace has the resources that it had, field by field but for what the server sets itself. */
export function resources(component: string): Check {
  return {
    name: 'resources',
    component,
    proves: `Every resource of ${component} is back with every field that somebody had set, and no other resource is there.`,
    judge: (evidence) => judgeResources(evidence, component),
  };
}

async function judgeResources(evidence: Evidence, component: string): Promise<Judgement> {
  const tally = new Tally();
  const lists = observedTwice(evidence, tally, component, 'resources');
  const totals = { resources: 0, fields: 0 };
  if (lists) {
    const classes = applicablePromises(evidence, tally, component).storageClasses ?? {};
    for await (const { key, left, right } of joinUnique(lists.before, lists.after, (resource) => resource.id)) {
      if (left) totals.resources += 1;
      if (left && right) totals.fields += compare(tally, left, right, classes);
      else if (left) tally.wrong(key, `${counted(fieldsOf(left).size, 'field')}`, 'missing');
      else tally.wrong(key, 'no such resource', 'is there');
    }
    if (totals.resources === 0) tally.gap(`no resource of ${component} was recorded before the backup`);
  }
  const { resources: seen, fields } = totals;
  const actual = `${counted(fields, 'field')} of ${counted(seen, 'resource')} compared, ${tally.count} differ`;
  return tally.judgement('the same resources with the same fields', actual);
}

/** Compares all fields of one resource; gives how many there were. */
function compare(
  tally: Tally,
  before: ResourceObject,
  after: ResourceObject,
  classes: Readonly<Record<string, string>>,
): number {
  const expected = fieldsOf(before);
  const actual = fieldsOf(after);
  const given = expected.get(CLASS_FIELD);
  const mapped = given === undefined ? undefined : classes[JSON.parse(given) as string];
  if (mapped !== undefined && before.manifest.kind === 'PersistentVolumeClaim')
    expected.set(CLASS_FIELD, JSON.stringify(mapped));
  const paths = new Set([...expected.keys(), ...actual.keys()]);
  for (const path of paths) {
    const [left, right] = [expected.get(path), actual.get(path)];
    if (left !== right) tally.wrong(`${before.id} ${path}`, shown(left, 'not set'), shown(right, 'missing'));
  }
  return paths.size;
}

function shown(value: string | undefined, none: string): string {
  if (value === undefined) return none;
  return value.length > SHOWN_CHARS ? `${value.slice(0, SHOWN_CHARS)}…` : value;
}
