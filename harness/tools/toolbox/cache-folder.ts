import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DrillError } from '../../model/error.ts';
import type { Environment } from './environment.ts';

/** The user's cache: `$DRILL_CACHE`, else `$XDG_CACHE_HOME/restore-drill`, else `~/.cache/restore-drill`. */
export function cacheFolderOf(env: Environment): string | undefined {
  if (env.DRILL_CACHE) return resolve(env.DRILL_CACHE);
  if (env.XDG_CACHE_HOME) return join(resolve(env.XDG_CACHE_HOME), 'restore-drill');
  return env.HOME ? join(resolve(env.HOME), '.cache', 'restore-drill') : undefined;
}

/** Makes the cache where it is missing; an error says so when programs cannot be kept there. */
export async function makeCacheFolder(folder: string | undefined): Promise<string> {
  const next = 'set DRILL_CACHE to a folder that you can write to, or install the programs yourself.';
  const about = { where: 'tools/cache', next, blame: 'environment' } as const;
  if (folder === undefined) {
    throw new DrillError({
      ...about,
      code: 'cache-missing',
      what: 'There is no folder to install programs into: neither DRILL_CACHE nor XDG_CACHE_HOME nor HOME is set.',
    });
  }
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return folder;
  } catch (cause) {
    const what = `Programs cannot be installed into the cache ${folder}: ${(cause as Error).message}.`;
    throw new DrillError({ ...about, code: 'cache-unwritable', what, cause });
  }
}
