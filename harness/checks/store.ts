import type { Check, Evidence, Judgement } from '../model/check.ts';
import { Tally } from './judging/tally.ts';
import { counted } from './judging/wording.ts';

const EXPECTED = 'a store without damage, beside what was restored from it';

/** Judges that the store of a backup is whole, as far as its own tool can tell: a snapshot may restore out of one that loses the others. */
export function store(): Check {
  return {
    name: 'store',
    component: 'all',
    proves: 'Nothing is damaged in the repository that the backup came from, beside the snapshot that was restored.',
    judge: async (evidence) => judgeStore(evidence),
  };
}

function judgeStore({ receipts }: Evidence): Judgement {
  const tally = new Tally();
  const looked = receipts.filter(({ details }) => details.repository !== undefined);
  if (looked.length === 0) tally.gap('nobody looked at the repository');
  for (const { component, details } of looked) {
    const said = String(details.repositorySaid ?? 'nothing');
    if (details.repository === 'damaged')
      tally.wrong(
        `the repository of ${component}`,
        'no damage',
        `this snapshot restores, but the repository is damaged: ${othersAt(details.otherSnapshots)} at risk (${said})`,
      );
    else if (details.repository !== 'sound') tally.gap(`the repository of ${component} was not checked: ${said}`);
  }
  const read = [...new Set(looked.map(({ details }) => details.repositoryRead))].join(', ');
  return tally.judgement(EXPECTED, `${counted(looked.length, 'repository', 'repositories')} looked at (${read})`);
}

function othersAt(count: string | number | boolean | undefined): string {
  if (typeof count !== 'number') return 'other snapshots are';
  return count === 1 ? '1 other snapshot is' : `${count} other snapshots are`;
}
