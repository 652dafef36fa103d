import { z } from 'zod';
import { readText } from '../../model/read-text.ts';
import { Secret } from '../../model/secret.ts';
import { isVariableName } from '../../model/shell-word.ts';

const LONGEST_BYTES = 1024 ** 2;
const NEVER_PLAIN = 'give { env: NAME } or { file: PATH }: a secret does not belong into this file';

/** Where the configuration says that a secret is; it is read when the configuration is. */
export function secretAt(name: string) {
  return z
    .strictObject(
      { env: z.string().min(1).optional(), file: z.string().min(1).optional(), value: z.instanceof(Secret).optional() },
      { error: (issue) => (typeof issue.input === 'string' ? NEVER_PLAIN : undefined) },
    )
    .transform((at, context) => {
      // No file can say this: it is what was read from the break-glass file in its place.
      if (at.value) return at.value;
      const value = read(at);
      if (value instanceof Error) {
        context.addIssue({ code: 'custom', message: value.message });
        return z.NEVER;
      }
      return new Secret(name, value);
    });
}

function read({ env, file }: { env?: string | undefined; file?: string | undefined }): string | Error {
  if ((env === undefined) === (file === undefined)) return new Error('give one of env and file');
  if (env !== undefined) return fromEnvironment(env);
  try {
    const value = readText(file ?? '', LONGEST_BYTES).trimEnd();
    if (value.includes('\0')) return new Error(`the file ${file} has a NUL byte in it, which no tool can be given`);
    return value || new Error(`the file ${file} is empty`);
  } catch (error) {
    return new Error(`the file ${file} cannot be read: ${(error as Error).message}`);
  }
}

function fromEnvironment(name: string): string | Error {
  if (!isVariableName(name)) return new Error(`"${name}" is no name of an environment variable`);
  const value = Object.hasOwn(process.env, name) ? process.env[name] : undefined;
  return value || new Error(`the environment variable ${name} is not set`);
}
