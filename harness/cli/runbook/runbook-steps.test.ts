import { expect, it } from 'vitest';
import { stepsIn } from './runbook-steps.ts';

it.each([
  [{ format: 'plain' }, 'psql --no-psqlrc --set ON_ERROR_STOP=1 --single-transaction --file "$DATABASE_DUMP"/dump'],
  [{ format: 'plain', cluster: true }, 'psql --no-psqlrc --set ON_ERROR_STOP=1 --file "$DATABASE_DUMP"/dump'],
])('prints how a dump of SQL is loaded, which no tool has done: %j', (details, command) => {
  const timing = {
    phase: 'restore',
    name: 'database.restore',
    component: 'database',
    kind: 'job',
    seconds: 3,
    ok: true,
  };
  const lines = [
    { event: 'timing', timing: { ...timing, name: 'database.fetch', log: 'logs/database.fetch.log' } },
    { event: 'timing', timing },
    { event: 'receipt', receipt: { component: 'database', details } },
  ];
  const steps = stepsIn(lines as never, { list: [], known: new Map(), standsFor: () => undefined });
  expect(steps).toEqual([expect.objectContaining({ command, seconds: 3, exitCode: 0, ok: true })]);
});
