import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Secret } from '../../model/secret.ts';

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
  if (env !== undefined) return process.env[env] || new Error(`the environment variable ${env} is not set`);
  try {
    return readFileSync(file ?? '', 'utf8').trimEnd() || new Error(`the file ${file} is empty`);
  } catch (error) {
    return new Error(`the file ${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}
