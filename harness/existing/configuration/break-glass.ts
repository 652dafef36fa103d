import { z } from 'zod';
import { DrillError } from '../../model/error.ts';
import { readText } from '../../model/read-text.ts';
import { Secret } from '../../model/secret.ts';
import { parseYaml } from './parse-yaml.ts';

/** What is left after a disaster: the secrets that somebody has written down, by the names that the configuration uses. */
export type BreakGlass = ReadonlyMap<string, string>;

const LONGEST_BYTES = 1024 ** 2;

/** Reads `NAME: value` lines of YAML. Every value is text: a password of digits stays what it is. */
export function readBreakGlass(file: string): BreakGlass {
  let what: string;
  try {
    const read: unknown = parseYaml(readText(file, LONGEST_BYTES), 'failsafe') ?? {};
    const parsed = z.record(z.string(), z.string()).safeParse(read);
    if (parsed.success) return new Map(Object.entries(parsed.data).map(([name, value]) => [name, value.trimEnd()]));
    what = 'it is no list of names with one text each';
  } catch (error) {
    what = (error as Error).message;
  }
  throw new DrillError({
    code: 'break-glass-unreadable',
    where: 'cli',
    what: `The break-glass file ${file} could not be read: ${what}.`,
    next: 'write one `NAME: "value"` a line, with the names that the configuration gives as env or file.',
    blame: 'usage',
  });
}

/** A configuration whose secrets come from the break-glass file and from nowhere else; those that it lacks are empty. */
export function fillSecrets(config: unknown, glass: BreakGlass): unknown {
  if (Array.isArray(config)) return config.map((one) => fillSecrets(one, glass));
  if (typeof config !== 'object' || config === null || config instanceof Date) return config;
  const entries = Object.entries(config);
  const [[key, name] = ['', ''], ...more] = entries;
  if (more.length === 0 && (key === 'env' || key === 'file') && typeof name === 'string')
    return { value: new Secret(name, glass.get(name) ?? '') };
  return Object.fromEntries(entries.map(([field, value]) => [field, fillSecrets(value, glass)]));
}
