import { formatMoment } from '../../../reports/digest/quantities.ts';
import { oneLine } from '../../../reports/text/one-line.ts';
import { formatDuration } from '../../model/duration.ts';
import type { RunResult } from '../../model/result.ts';
import type { RunCommand, RunJob } from './read-commands.ts';

const PLAIN_WORD = /^[\w@%+=:,./-]+$/;
/** The run's own folders: whoever repeats a restore has others. */
const OWN_FOLDER = /\/\S*\/restore-drill-[^/\s]+\/(?:volumes|scratch)\/([\w.-]+?)(?:-\d+)?(?=\/|$)/;

/** How the run reached its own server says nothing to others. */
const OF_OUR_SERVER = /^PG[A-Z]+(=|$)/;

/** The restore as it was done, in order, with the times that it took: a plan that has been proved, as Markdown. */
export function renderRunbook(result: RunResult, jobs: readonly RunJob[]): string {
  const { drill, run, verdict } = result;
  const lines = [
    `# Restoring ${oneLine(drill.name)}`,
    '',
    `${verdict === 'pass' ? 'Proved' : `**Not proved (${verdict})**`} by the run ${oneLine(run.id)} of ${formatMoment(run.startedAt)}: ${oneLine(drill.workload.name)} ${oneLine(drill.workload.version)}.`,
    result.rto.seconds === null
      ? 'The time until it served was not measured.'
      : `It served after ${formatDuration(result.rto.seconds)}.`,
    '',
    '## What is needed',
    '',
    ...neededOf(result, jobs),
    '',
    '## Steps',
    '',
    ...jobs.flatMap((job, index) => stepLines(job, index + 1)),
    '## Runbook fixes needed',
    '',
    ...fixesOf(result),
    '',
  ];
  return lines.join('\n');
}

function neededOf({ backups, tools }: RunResult, jobs: readonly RunJob[]): string[] {
  const used = new Set(jobs.flatMap(({ commands }) => commands.map(({ program }) => program)));
  const variables = new Set(jobs.flatMap(({ commands }) => commands.flatMap(({ env }) => env)));
  return [
    ...backups.map(
      ({ component, path, id, startedAt }) =>
        `- ${component}: the backup \`${oneLine(withoutOurs(id))}\` (${path}${startedAt ? `, of ${formatMoment(startedAt)}` : ''})`,
    ),
    ...tools.filter(({ program }) => used.has(program)).map(({ program, version }) => `- ${program} ${version}`),
    ...[...variables]
      .filter((one) => !OF_OUR_SERVER.test(one))
      .sort()
      .map((one) => `- \`${oneLine(one)}\`${one.includes('=') ? '' : ' (a secret)'} in the environment`),
    '- empty folders for what begins with `$` below, and a new Postgres server with an empty database',
  ];
}

function stepLines({ name, ok, seconds, commands }: RunJob, place: number): string[] {
  const note = ok ? formatDuration(seconds) : `stopped after ${formatDuration(seconds)}`;
  return [
    `${place}. \`${oneLine(name)}\` (${note})`,
    '',
    '   ```sh',
    ...commands.map((command) => `   ${inShell(command)}`),
    '   ```',
    '',
  ];
}

function inShell({ program, args, stdin, stdout, cwd, seconds }: RunCommand): string {
  const call = [program, ...args].map(quoted).join(' ');
  const into = `${stdin ? ` < ${quoted(stdin)}` : ''}${stdout ? ` > ${quoted(stdout)}` : ''}`;
  const time = seconds === undefined ? '' : `  # ${formatDuration(seconds)}`;
  return `${cwd ? `(cd ${quoted(cwd)} && ${call}${into})` : `${call}${into}`}${time}`;
}

function withoutOurs(text: string): string {
  return text.replace(OWN_FOLDER, (_, name: string) => `$${name.toUpperCase().replace(/\W/g, '_')}`);
}

/** A word as a shell takes it; the run's own folders become variables. */
function quoted(word: string): string {
  const named = withoutOurs(word);
  if (PLAIN_WORD.test(named.replace(/^\$/, ''))) return named;
  return named.startsWith('$') ? `"${named}"` : `'${named.replaceAll("'", "'\\''")}'`;
}

function fixesOf({ backups, checks, failures, notTested }: RunResult): string[] {
  const roles = backups.flatMap(({ details }) =>
    details.rolesMade
      ? [`make the roles ${details.rolesMade} first: the dump speaks of them and does not hold them`]
      : [],
  );
  const markers = checks
    .filter(({ name, actual }) => name === 'markers' && actual.includes('; make '))
    .map(({ actual }) => actual.slice(actual.indexOf('; make ') + 2));
  const red = checks
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ name, component, actual }) => `${component} ${name}: ${oneLine(actual)}`);
  const broken = failures.map(({ message, next }) => `${oneLine(message)} Next: ${oneLine(next)}`);
  const unseen = notTested.map(({ what, why }) => `not tested: ${oneLine(what)} (${oneLine(why)})`);
  const fixes = [...broken, ...red, ...roles, ...markers, ...unseen];
  return fixes.length > 0 ? fixes.map((fix) => `- ${fix}`) : ['None.'];
}
