import type { Toolbox } from '../tools/toolbox/toolbox.ts';

/** The outside programs that a sandbox is made with, by their absolute paths. */
export interface SandboxPrograms {
  readonly bwrap: string;
  readonly setpriv: string;
  readonly prlimit: string;
}

/** Finds them, or installs them; an error says which cannot be had. */
export async function provideSandboxPrograms(toolbox: Pick<Toolbox, 'provide'>): Promise<SandboxPrograms> {
  const [bwrap, setpriv, prlimit] = await Promise.all([
    toolbox.provide('bwrap'),
    toolbox.provide('setpriv'),
    toolbox.provide('prlimit'),
  ]);
  return { bwrap: bwrap.location, setpriv: setpriv.location, prlimit: prlimit.location };
}
