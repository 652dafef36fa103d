import type { RunbookStep } from '../../../reports/runbook/runbook.ts';
import type { JournalLine } from '../../engine/journal.ts';
import { COMMAND, type Command } from '../../model/command.ts';
import type { Receipt } from '../../model/path.ts';
import type { Timing } from '../../model/result.ts';
import { isVariableName, shellWord as wordOf } from '../../model/shell-word.ts';
import type { PostgresNeeds } from '../../model/substrate.ts';
import { shellWord } from './shell-words.ts';
import { type Variables, variableName } from './variables.ts';

/** The lines of the journal from the beginning of the restore to its end. */
export function restoreLines(journal: readonly JournalLine[]): readonly JournalLine[] {
  const begin = journal.findIndex(({ event, phase }) => event === 'phase-started' && phase === 'restore');
  if (begin === -1) return [];
  const end = journal.findIndex(({ event, phase }) => event === 'phase-ended' && phase === 'restore');
  return journal.slice(begin, end === -1 ? undefined : end);
}

/** The commands of some lines, as they ran. */
export function commandsIn(lines: readonly JournalLine[]): Command[] {
  return lines.filter(({ event }) => event === COMMAND).map(({ command }) => command as Command);
}

/** What the lines say that was done, in order: commands, and servers that were started on the way. */
export function stepsIn(lines: readonly JournalLine[], variables: Variables): RunbookStep[] {
  const receipts = lines.flatMap(({ event, receipt }) => (event === 'receipt' ? [receipt as Receipt] : []));
  const needs = new Map<string, PostgresNeeds>();
  const steps: RunbookStep[] = [];
  for (const line of lines) {
    if (line.event === COMMAND) steps.push(commandStep(line.command as Command, variables));
    if (line.event === 'needs') needs.set(line.component as string, line.needs as PostgresNeeds);
    const timing = line.event === 'timing' ? (line.timing as Timing) : undefined;
    const loaded = receipts.find(({ component }) => timing && isLoad(timing, component));
    if (timing && loaded) steps.push(loadStep(timing, loaded));
    if (timing?.kind !== 'service') continue;
    const { component = '' } = timing;
    steps.push(serverStep(timing, needs.get(component)));
    const roles = receipts.find((receipt) => receipt.component === component)?.details.rolesMade;
    if (roles) steps.push(rolesStep(String(roles)));
  }
  return steps;
}

function commandStep(command: Command, variables: Variables): RunbookStep {
  const { job, program, phase, seconds, exitCode, ok } = command;
  const title = `${job}: ${program}${phase ? ` (${phase})` : ''}`;
  return { title, command: shellOf(command, variables), seconds, exitCode, ok };
}

/** A command as it can be typed: its folder, its variables one a line, the program, and its files. */
function shellOf(command: Command, { known, standsFor }: Variables): string {
  const { program, args, env, stdin, stdout, cwd } = command;
  const word = (text: string) => shellWord(text, known);
  const variables = Object.entries(env).filter(([name]) => isVariableName(name));
  // What is no name for a shell would be read as a command: `env` takes it as it is.
  const others = Object.entries(env).filter(([name]) => !isVariableName(name));
  const text = [
    ...variables.map(([name, value]) => {
      const variable = standsFor(name, value);
      return `${name}=${variable === undefined ? word(value) : `"$${variable}"`} \\\n  `;
    }),
    ...(others.length > 0 ? [`env ${others.map(([name, value]) => wordOf(`${name}=${value}`)).join(' ')} \\\n  `] : []),
    [program, ...args].map(word).join(' '),
    ...(stdin === undefined ? [] : [` < ${word(stdin)}`]),
    ...(stdout === undefined ? [] : [` > ${word(stdout)}`]),
  ].join('');
  return cwd === undefined || cwd === command.scratch ? text : `(cd -- ${word(cwd)} &&\n  ${text})`;
}

function serverStep({ name, component, seconds, ok }: Timing, needs: PostgresNeeds | undefined): RunbookStep {
  const extensions = needs && needs.extensions.length > 0 ? `, with the extensions ${needs.extensions.join(', ')}` : '';
  const postgres = needs && `Postgres ${needs.major}${needs.exactly ? '' : ' or later'}${extensions}`;
  const title = `Start ${component === undefined ? name : `a new server for ${component}`}${postgres ? `: ${postgres}` : ''}`;
  return { title, command: '', seconds, exitCode: null, ok };
}

/** A load that was no job of a tool has no log. */
function isLoad({ kind, name, log }: Timing, component: string): boolean {
  return kind === 'job' && log === undefined && name === `${component}.restore`;
}

/** The statements of a dump, which a run sends one by one. */
function loadStep({ name, seconds, ok }: Timing, { component, details }: Receipt): RunbookStep {
  const all = details.cluster === true ? '' : ' --single-transaction';
  return {
    title: `${name}: the statements of the dump (load), as a role that is no superuser if the dump may be anybody's`,
    command: `psql --no-psqlrc --set ON_ERROR_STOP=1${all} --file "$${variableName(`${component}-dump`)}"/dump`,
    ...{ seconds, exitCode: ok ? 0 : null, ok },
  };
}

/** What a run does over its own connection, a person does with psql. */
function rolesStep(roles: string): RunbookStep {
  const statements = roles.split(', ').map((role) => `CREATE ROLE "${role.replaceAll('"', '""')}" NOLOGIN;`);
  const command = `psql --command ${wordOf(statements.join(' '))}`;
  return {
    title: 'Make the roles that the dump names and does not hold',
    command,
    seconds: null,
    exitCode: 0,
    ok: true,
  };
}
