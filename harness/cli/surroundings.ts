import { isAbsolute, resolve } from 'node:path';

/** Folders that the environment may name. */
const FOLDERS = ['DRILL_RUNS', 'DRILL_WORK', 'DRILL_STATE', 'DRILL_CACHE', 'DRILL_ANCHORS'] as const;
const CONTROL = /\p{Cc}/u;
/** What servers and tools would read as the end of a word, in their own configuration files. */
const QUOTES = /['"`\\$,]/;

/**
 * What is wrong with where the command was started and with the folders of its environment, in one sentence; undefined when
 * nothing is. Folders that are relative become absolute: tools are run in folders of their own.
 */
export function wrongSurroundings(env: NodeJS.ProcessEnv, cwd: () => string): string | undefined {
  let here: string;
  try {
    here = cwd();
  } catch {
    return 'The folder that the command was started in is gone, or may not be read. Next: change to one that is there.';
  }
  for (const name of FOLDERS) {
    const path = env[name];
    if (path === undefined || path === '') {
      delete env[name];
      continue;
    }
    if (CONTROL.test(path)) return `${name} has a line break or another control character in it. Next: ${ANOTHER}.`;
    if (name === 'DRILL_WORK' && QUOTES.test(path))
      return `${name} has one of ' " \` \\ $ , in it, which the configuration of servers cannot hold. Next: ${ANOTHER}.`;
    if (!isAbsolute(path)) env[name] = resolve(here, path);
  }
  return undefined;
}

const ANOTHER = 'name a folder without such characters';
