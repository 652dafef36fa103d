import type { Command } from '../../model/command.ts';
import { formatDuration } from '../../model/duration.ts';
import type { Measured, RunResult } from '../../model/result.ts';
import type { StoredRun } from '../run-store.ts';

/** Where a program comes from when it was simply there. */
const AT_HAND: ReadonlySet<string> = new Set(['PATH', 'place', 'forced', 'image']);
const PROGRAMS_OF_POSTGRES: ReadonlySet<string> = new Set(['postgres', 'initdb']);

/** What the run had to do otherwise than anybody could with the plan alone, and what it missed. */
export function fixesOf(
  { result, damage }: Pick<StoredRun, 'result' | 'damage'>,
  commands: readonly Command[],
): string[] {
  const failed = commands
    .filter(({ ok }) => !ok)
    .map(({ job, program, exitCode }) => {
      const how = exitCode === null ? 'was ended before it was done' : `ended with exit code ${exitCode}`;
      return `${program} of ${job} ${how}: see drill show <run> --log ${job}`;
    });
  if (!result) return [`${damage ?? 'the run was cut off before it had a result'}: run the drill again`, ...failed];
  return [
    ...result.failures.map(({ message }) => message),
    ...failed,
    ...result.checks
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ component, name, verdict, actual }) => `the check ${component}.${name} said ${verdict}: ${actual}`),
    ...result.checks
      .filter(({ name, verdict, actual }) => name === 'markers' && verdict === 'pass' && actual.includes('; make '))
      .map(({ actual }) => actual.slice(actual.indexOf('; make ') + 2)),
    ...missed(result),
    ...installed(result, new Set(commands.map(({ program }) => program))),
    ...result.backups
      .filter(({ details }) => details.rolesMade)
      .map(
        ({ component, details }) =>
          `the dump of ${component} does not make the roles ${details.rolesMade}: dump them, too (pg_dumpall --roles-only), or make them as below`,
      ),
  ];
}

function missed({ rto, rpo }: RunResult): string[] {
  const one = (what: string, { seconds, objectiveSeconds }: Measured): string[] => {
    if (objectiveSeconds === null || (seconds !== null && seconds <= objectiveSeconds)) return [];
    const took = seconds === null ? 'was not measured' : `was ${formatDuration(seconds)}`;
    return [`${what} ${took}, its objective is ${formatDuration(objectiveSeconds)}`];
  };
  const all = (what: string, report: Measured & { readonly components: Readonly<Record<string, Measured>> }) => [
    ...one(`the overall ${what}`, report),
    ...Object.entries(report.components).flatMap(([name, measured]) => one(`the ${what} of ${name}`, measured)),
  ];
  return [...all('RTO', rto), ...all('RPO', rpo)];
}

/** On the day of the disaster the machine may be a new one, and nothing may be there to fetch programs from. */
function installed({ tools }: RunResult, used: ReadonlySet<string>): string[] {
  return tools
    .filter(({ program, source }) => (used.has(program) || PROGRAMS_OF_POSTGRES.has(program)) && !AT_HAND.has(source))
    .map(
      ({ program, version, source, location }) =>
        `${program} ${version} was not installed and came from ${source} (${location}): install it where you would restore, or keep it with the backups`,
    );
}
