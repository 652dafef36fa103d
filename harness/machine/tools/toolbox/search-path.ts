import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Environment } from './environment.ts';

/** The folders of `PATH`; relative ones are left out, because they change with the current folder. */
export function searchPath(env: Environment): string[] {
  return [...new Set((env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder)))];
}

/** Every executable file of that name on `PATH`, first come first. */
export async function onSearchPath(program: string, env: Environment): Promise<string[]> {
  const candidates = searchPath(env).map((folder) => join(folder, program));
  const usable = await Promise.all(candidates.map(isExecutable));
  return candidates.filter((_, index) => usable[index]);
}

/** Whether it is a file that we may execute. */
export async function isExecutable(location: string): Promise<boolean> {
  try {
    await access(location, constants.X_OK);
    return (await stat(location)).isFile();
  } catch {
    return false;
  }
}
