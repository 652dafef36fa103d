import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DrillError } from '../../../model/error.ts';
import type { Environment } from './environment.ts';
import { foreignHands, PROGRAM_FOLDER } from './foreign-hands.ts';

/** The user's cache: `$DRILL_CACHE`, else `$XDG_CACHE_HOME/restore-drill`, else `~/.cache/restore-drill`. */
export function cacheFolderOf(env: Environment): string | undefined {
  if (env.DRILL_CACHE) return resolve(env.DRILL_CACHE);
  if (env.XDG_CACHE_HOME) return join(resolve(env.XDG_CACHE_HOME), 'restore-drill');
  return env.HOME ? join(resolve(env.HOME), '.cache', 'restore-drill') : undefined;
}

/** Makes the cache where it is missing; an error says so when programs cannot be kept there, or not out of others' reach. */
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
    await mkdir(join(folder, 'tools'), { recursive: true, mode: PROGRAM_FOLDER });
    await access(folder, constants.W_OK);
  } catch (cause) {
    const what = `Programs cannot be installed into the cache ${folder}: ${(cause as Error).message}.`;
    throw new DrillError({ ...about, code: 'cache-unwritable', what, cause });
  }
  const reason = await foreignHands(folder);
  if (reason === undefined) return folder;
  throw new DrillError({
    ...about,
    code: 'cache-untrusted',
    what: `Programs are neither installed into the cache nor run from it: ${reason}.`,
    next: `make it yours alone (\`chown -R\`, \`chmod -R go-w ${folder}\`) or remove it, or set DRILL_CACHE to a folder of your own.`,
  });
}
