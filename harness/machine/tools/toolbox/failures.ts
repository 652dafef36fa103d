import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { PROGRAM_FOLDER } from './foreign-hands.ts';
import type { InstallSource } from './found-program.ts';

const schema = z.record(z.string(), z.object({ code: z.string(), what: z.string(), at: z.string() }));

/** How the last try of each way to install a tool failed, by its source. */
export type Failures = z.infer<typeof schema>;

/** Reads what is remembered; nothing when the file is missing or damaged. */
export async function readFailures(file: string): Promise<Failures> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return {};
  }
}

/** Remembers a failure for `drill doctor`, or forgets it when that way has worked. */
export async function rememberFailure(
  file: string,
  source: InstallSource,
  failure: { readonly code: string; readonly what: string } | undefined,
): Promise<void> {
  const { [source]: old, ...others } = await readFailures(file);
  if (!old && !failure) return;
  const failures = failure ? { ...others, [source]: { ...failure, at: new Date().toISOString() } } : others;
  await mkdir(dirname(file), { recursive: true, mode: PROGRAM_FOLDER });
  await writeFile(file, `${JSON.stringify(failures, undefined, 2)}\n`);
}
