import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { DrillError } from '../../model/error.ts';
import { configSchema, type DrillConfig } from './config-schema.ts';

/** The drills of a configuration file by name. All that is wrong with it is said at once, each thing with its path. */
export function loadConfig(
  file: string,
  fill: (config: unknown) => unknown = (config) => config,
): Readonly<Record<string, DrillConfig>> {
  const parsed = configSchema.safeParse(fill(readYaml(file)));
  if (parsed.success) return parsed.data.drills;
  throw new DrillError({
    code: 'config-invalid',
    where: `config/${file}`,
    what: `The configuration is not valid: ${parsed.error.issues.flatMap((issue) => problemsOf(issue)).join('; ')}.`,
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

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(...issues.map(({ path, code }) => path.length + (code === 'custom' ? 1 : 0)));
}

function readYaml(file: string): unknown {
  let what: string;
  try {
    const document = parseDocument(readFileSync(file, 'utf8'));
    const [error] = document.errors;
    if (!error) return document.toJS() as unknown;
    what = error.message.split('\n')[0] ?? 'it is not YAML';
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
