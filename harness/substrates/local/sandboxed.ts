import { existsSync } from 'node:fs';
import type { LocalProgram } from '../../machine/processes/local-program.ts';
import type { Sandbox } from '../../machine/sandbox/sandbox.ts';

/** What `env` ends with, and a shell, when there is no such program or it cannot be started. */
const NOT_RUN = [126, 127];

/**
 * The same program in the sandbox of the run: it sees the folders of its call and nothing else that can be written. Root's
 * right to read everything is kept where it reads a folder of the user, and nowhere else.
 */
export function sandboxed(
  program: LocalProgram,
  sandbox: Sandbox,
  { workFolder, cacheFolder }: { readonly workFolder: string; readonly cacheFolder: string | undefined },
): LocalProgram {
  // A container is a sandbox of its own.
  if (program.source === 'container') return program;
  return {
    ...program,
    call: (site) => {
      const { command, prefix, env } = program.call(site);
      const made = env.LD_LIBRARY_PATH?.split(':').filter((path) => path && existsSync(path)) ?? [];
      const ofCache = cacheFolder !== undefined && command.startsWith(`${cacheFolder}/`) ? [cacheFolder] : [];
      const { cwd, reachesOut = false } = site;
      // Of a folder that is not there the program itself says so.
      const folders = (site.folders ?? []).filter(({ path }) => existsSync(path));
      const wrapped = sandbox.call({
        folders: isBelow(cwd, folders) ? folders : [...folders, { path: cwd, readOnly: false }],
        cwd,
        programs: [command, ...ofCache, ...made],
        network: reachesOut,
        readsAll: folders.some(({ path, readOnly }) => readOnly && !isBelow(path, [{ path: workFolder }])),
      });
      return { command: wrapped.command, prefix: [...wrapped.prefix, command, ...prefix], env, notRun: NOT_RUN };
    },
  };
}

function isBelow(path: string, folders: readonly { readonly path: string }[]): boolean {
  return folders.some((folder) => `${path}/`.startsWith(`${folder.path}/`));
}
