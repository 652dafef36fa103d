import { z } from 'zod';
import { KIND_NAMES } from '../kinds/kinds.ts';
import type { Drill } from '../model/drill.ts';
import { parseDuration } from '../model/duration.ts';
import { DrillError } from '../model/error.ts';

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, { error: 'is not a duration such as 90s, 30m, 2h or 1h30m' });
const objective = z.strictObject({ rto: duration.optional(), rpo: duration.optional() });
const name = z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'must be lower-case letters, digits and hyphens' });
const count = z.int().min(0);

const shape = z.strictObject({
  name,
  claim: z.string().min(1),
  workload: z.looseObject({ name, components: z.array(z.looseObject({ name: z.string() })).min(1) }),
  paths: z.record(z.string(), z.looseObject({ name: z.string(), protects: z.enum(KIND_NAMES) })),
  disaster: z.looseObject({ name: z.string() }),
  objectives: objective.extend({ components: z.record(z.string(), objective).optional() }).optional(),
  backupOrder: z.array(z.string()).optional(),
  checks: z.array(z.looseObject({ name: z.string() })).optional(),
  olderSets: z.array(duration).optional(),
  retention: z
    .strictObject({
      last: count.optional(),
      daily: count.optional(),
      weekly: count.optional(),
      monthly: count.optional(),
    })
    .optional(),
});

/** Makes sure that a drill is one: all that is wrong at once, each with its path, so that one edit mends it. */
export function validateDrill(drill: unknown, file: string): Drill {
  const parsed = shape.safeParse(drill);
  const problems = parsed.success
    ? contradictions(drill as Drill)
    : parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the drill'}: ${message}`);
  if (problems.length === 0) return drill as Drill;
  throw new DrillError({
    code: 'drill-invalid',
    where: `drill/${file}`,
    what: `The drill is not valid: ${problems.join('; ')}.`,
    next: `correct ${file}; nothing was started.`,
    blame: 'usage',
  });
}

/** What no shape can say: names must be those of components, and a path must fit what it protects. */
function contradictions(drill: Drill): string[] {
  const kinds = new Map<string, string>(drill.workload.components.map((component) => [component.name, component.kind]));
  const known = [...kinds.keys()].join(', ');
  const strangers = (place: string, names: readonly string[]) =>
    names
      .filter((one) => !kinds.has(one))
      .map((one) => `${place}.${one}: ${drill.workload.name} has no such component, only ${known}`);
  const misfits = Object.entries(drill.paths)
    .filter(([component, path]) => kinds.has(component) && kinds.get(component) !== path.protects)
    .map(
      ([component, path]) =>
        `paths.${component}: ${path.name} protects a ${path.protects}, and ${component} is a ${kinds.get(component)}`,
    );
  const order = drill.backupOrder ?? [];
  const unordered = drill.backupOrder ? Object.keys(drill.paths).filter((one) => !order.includes(one)) : [];
  return [
    ...(Object.keys(drill.paths).length === 0 ? ['paths: at least one component needs a backup path'] : []),
    ...strangers('paths', Object.keys(drill.paths)),
    ...strangers('objectives.components', Object.keys(drill.objectives?.components ?? {})),
    ...strangers('backupOrder', order),
    ...unordered.map((one) => `backupOrder: ${one} has a path, but no place in the order`),
    ...misfits,
  ];
}
