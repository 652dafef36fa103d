import { DrillError } from '../../model/error.ts';
import type { Environment } from '../tools/toolbox/environment.ts';

const VARIABLE = 'DRILL_SANDBOX';

/** Whether backups of somebody else's are interpreted in a sandbox, as `DRILL_SANDBOX` says; root has no other choice. */
export function sandboxChoice(env: Environment, isRoot = process.getuid?.() === 0): 'always' | 'none' {
  const choice = env[VARIABLE];
  if (!choice || choice === 'always') return 'always';
  if (choice !== 'none')
    throw refused(
      `${VARIABLE} is "${choice}"; only "always" and "none" are known.`,
      `set it to one of them, or unset it.`,
    );
  if (!isRoot) return 'none';
  throw refused(
    `${VARIABLE}=none asks for no sandbox, and this is root: what comes out of a backup could do anything to this machine.`,
    'run the drill as an account of its own that owns nothing else, or unset it.',
  );
}

function refused(what: string, next: string): DrillError {
  return new DrillError({ code: 'sandbox-refused', where: 'machine/sandbox', what, next, blame: 'usage' });
}
