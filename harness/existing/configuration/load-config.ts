import { z } from 'zod';
import { DrillError } from '../../model/error.ts';
import { readText } from '../../model/read-text.ts';
import { findPlugIns } from './find-plug-ins.ts';
import { parseYaml } from './parse-yaml.ts';
import type { ExistingWorkload, OwnDrill } from './plug-in.ts';

const LONGEST_BYTES = 1024 ** 2;
const PROBLEMS_SHOWN = 30;

const name = z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'must be lower-case letters, digits and hyphens' });

/** The shape of `drills.config.yaml`, but for that of a drill, which is its workload's. */
const configSchema = z.strictObject({ drills: z.record(name, z.unknown()) });

/** The drills of a configuration file by name. All that is wrong with it is said at once, each thing with its path. */
export async function loadConfig(
  file: string,
  fill: (config: unknown) => unknown = (config) => config,
): Promise<Readonly<Record<string, OwnDrill>>> {
  const config = readYaml(file);
  const filled = fill(config);
  const { drills, problems } = read(filled, await findPlugIns());
  const all = [...unprintableIn(config, []), ...problems];
  if (all.length === 0) return drills;
  const more = all.length - PROBLEMS_SHOWN;
  throw new DrillError({
    code: 'config-invalid',
    where: `config/${file}`,
    what: `The configuration is not valid: ${all.slice(0, PROBLEMS_SHOWN).join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
    next: `correct ${file}; nothing was started.`,
    blame: 'usage',
  });
}

type PlugIns = ReadonlyMap<string, ExistingWorkload>;

interface Read {
  readonly drills: Record<string, OwnDrill>;
  readonly problems: readonly string[];
}

function read(config: unknown, plugIns: PlugIns): Read {
  const parsed = configSchema.safeParse(config);
  const problems = parsed.error?.issues.flatMap((issue) => problemsOf(issue)) ?? [];
  // Without a prototype, so that a name such as `constructor` is there only when the file says so.
  const drills: Record<string, OwnDrill> = Object.create(null);
  const described = isObject(config) && isObject(config.drills) ? Object.entries(config.drills) : [];
  for (const [drill, value] of described) {
    const { own, issues } = readDrill(value, plugIns);
    problems.push(...issues.flatMap((issue) => problemsOf({ ...issue, path: ['drills', drill, ...issue.path] })));
    if (own) drills[drill] = own;
  }
  return { drills, problems };
}

/** A drill as its workload understands it. Of an unknown one all is said that would be wrong with the workload that fits best. */
function readDrill(value: unknown, plugIns: PlugIns): { own?: OwnDrill; issues: readonly z.core.$ZodIssue[] } {
  const plugIn = isObject(value) ? plugIns.get(String(value.workload)) : undefined;
  if (plugIn) {
    const { data, error } = plugIn.schema.safeParse(value);
    return error ? { issues: error.issues } : { own: { config: data, plugIn }, issues: [] };
  }
  const tried = [...plugIns.values()].map(({ schema }) => schema.safeParse(value).error?.issues ?? []);
  const [closest = []] = tried.toSorted((a, b) => a.length - b.length);
  const named = z.looseObject({ workload: z.enum([...plugIns.keys()]) }).safeParse(value).error?.issues ?? [];
  return {
    issues: [
      ...named,
      ...closest.filter(({ path }) => (path.length > 0 ? path.join() !== 'workload' : isObject(value))),
    ],
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problemsOf({ path, message, ...issue }: z.core.$ZodIssue): string[] {
  // Of a choice, the branch that came closest tells most.
  const branches = issue.code === 'invalid_union' ? (issue as { errors?: z.core.$ZodIssue[][] }).errors : undefined;
  const closest = branches?.filter((one) => one.length > 0).sort((a, b) => depthOf(b) - depthOf(a))[0];
  if (closest && depthOf(closest) > 0)
    return closest.flatMap((one) => problemsOf({ ...one, path: [...path, ...one.path] } as z.core.$ZodIssue));
  const ofKey = issue.code === 'invalid_key' ? (issue as { issues?: z.core.$ZodIssue[] }).issues : undefined;
  if (ofKey) return ofKey.map((one) => `${path.join('.')}: ${one.message}`);
  return [`${path.join('.') || 'the file'}: ${message}`];
}

/** Control characters end words and lines for one tool or the other, and no name in a configuration needs them. */
function unprintableIn(value: unknown, path: readonly string[]): string[] {
  if (typeof value === 'string')
    return /[^\P{Cc}]/u.test(value) ? [`${path.join('.')}: has a line break or another control character in it`] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [
    ...unprintableIn(key, [...path, JSON.stringify(key)]),
    ...unprintableIn(one, [...path, key]),
  ]);
}

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(...issues.map(({ path, code }) => path.length + (code === 'custom' ? 1 : 0)));
}

function readYaml(file: string): unknown {
  let what: string;
  try {
    return parseYaml(readText(file, LONGEST_BYTES));
  } catch (error) {
    what = error instanceof Error ? error.message : String(error);
  }
  throw new DrillError({
    code: 'config-unreadable',
    where: `config/${file}`,
    what: `The configuration could not be read: ${what}.`,
    next: 'name a YAML file with --config; the README shows one.',
    blame: 'usage',
  });
}
