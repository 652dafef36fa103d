import { it } from 'vitest';

/** Whether tests run that take too long for every change: `npm run test:nightly` says so. */
export const AT_NIGHT = process.env.DRILL_NIGHTLY !== undefined;

/** A test that is there at night alone. */
export const itAtNight: (name: string, test: () => Promise<void>, budgetMs?: number) => void = AT_NIGHT ? it : () => {};
