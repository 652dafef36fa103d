import { Tally } from '../../../../checks/judging/tally.ts';
import { counted } from '../../../../checks/judging/wording.ts';
import type { Check } from '../../../../model/check.ts';

/** The fewest users and assets that a good backup can have. */
export interface Minimums {
  readonly users: number;
  readonly assets: number;
  /** Where the numbers come from, for people. */
  readonly from?: string;
}

/** Judges that the library is not a faithful backup of next to nothing. */
export function minimums(component: string, least: Minimums): Check {
  return {
    name: 'minimums',
    component,
    proves: `${component} holds at least the users and assets that its owner, or the last run that passed, says it must: not a faithful backup of an empty one.`,
    judge: async ({ facts }) => {
      const tally = new Tally();
      for (const name of ['users', 'assets'] as const) {
        const has = facts[name];
        if (typeof has !== 'number') tally.gap(`the ${name} were not counted`);
        else if (has < least[name]) tally.wrong(name, `at least ${least[name]}`, String(has));
      }
      const numbers = `${counted(Number(facts.users ?? 0), 'user')}, ${counted(Number(facts.assets ?? 0), 'asset')}`;
      const floor = `at least ${counted(least.users, 'user')} and ${counted(least.assets, 'asset')}`;
      return tally.judgement([floor, least.from].filter(Boolean).join(', '), numbers);
    },
  };
}
