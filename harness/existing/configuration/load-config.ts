import type { z } from 'zod';
import { DrillError } from '../../model/error.ts';
import { readText } from '../../model/read-text.ts';
import { configSchema, type DrillConfig } from './config-schema.ts';
import { parseYaml } from './parse-yaml.ts';

const LONGEST_BYTES = 1024 ** 2;
const PROBLEMS_SHOWN = 30;

/** The drills of a configuration file by name. All that is wrong with it is said at once, each thing with its path. */
export function loadConfig(
  file: string,
  fill: (config: unknown) => unknown = (config) => config,
): Readonly<Record<string, DrillConfig>> {
  const config = readYaml(file);
  const unprintable = unprintableIn(config, []);
  const parsed = configSchema.safeParse(fill(config));
  // Without a prototype, so that a name such as `constructor` is there only when the file says so.
  if (parsed.success && unprintable.length === 0) return Object.assign(Object.create(null), parsed.data.drills);
  const problems = [...unprintable, ...(parsed.error?.issues.flatMap((issue) => problemsOf(issue)) ?? [])];
  const more = problems.length - PROBLEMS_SHOWN;
  throw new DrillError({
    code: 'config-invalid',
    where: `config/${file}`,
    what: `The configuration is not valid: ${problems.slice(0, PROBLEMS_SHOWN).join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
    next: `correct ${file}; nothing was started.`,
    blame: 'usage',
  });
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
