import type { AnyRunState } from '../run-state.ts';

/** Removes what runs have left behind that are over. */
export async function sweep(state: AnyRunState): Promise<string> {
  const { removed = [], leftAlone = [] } = (await state.substrate?.sweep()) ?? {};
  const said = removed.length === 0 ? 'nothing left behind by other runs' : `removed ${removed.join(', ')}`;
  return leftAlone.length === 0 ? said : `${said}; left alone: ${leftAlone.join(', ')}`;
}
