import type { Part } from '../made.ts';
import type { Run } from '../run.ts';

/** Removes what runs have left behind that are over. */
export async function sweep(_run: Run, { opened }: Part<'opened'>): Promise<string> {
  const { removed = [], leftAlone = [] } = (await opened.substrate?.sweep()) ?? {};
  const said = removed.length === 0 ? 'nothing left behind by other runs' : `removed ${removed.join(', ')}`;
  return leftAlone.length === 0 ? said : `${said}; left alone: ${leftAlone.join(', ')}`;
}
