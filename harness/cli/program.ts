import './refuse-surroundings.ts';
import { Command, CommanderError } from 'commander';
import { complianceCommand } from './commands/compliance.ts';
import { credentialsCommand } from './commands/credentials.ts';
import { doctorCommand } from './commands/doctor.ts';
import { fileCommand } from './commands/file.ts';
import { gateCommand } from './commands/gate.ts';
import { gcCommand } from './commands/gc.ts';
import { historyCommand } from './commands/history.ts';
import { listCommand } from './commands/list.ts';
import { planCommand } from './commands/plan.ts';
import { prometheusCommand } from './commands/prometheus.ts';
import { rehearseUpgradeCommand } from './commands/rehearse-upgrade.ts';
import { reportCommand } from './commands/report.ts';
import { resumeCommand } from './commands/resume.ts';
import { runCommand } from './commands/run.ts';
import { runbookCommand } from './commands/runbook.ts';
import { runsCommand } from './commands/runs.ts';
import { sabotageCommand } from './commands/sabotage.ts';
import { showCommand } from './commands/show.ts';
import { withOptionsOf } from './drill-options.ts';
import { EXIT_USAGE } from './exit-codes.ts';
import { guardOutput } from './guard-output.ts';
import { sayError } from './say-error.ts';

const program = new Command('drill')
  .description(
    'Proves that backups restore: builds a small world, backs it up, destroys it, restores it, judges the result.',
  )
  .version('0.1.0')
  .showSuggestionAfterError()
  .showHelpAfterError('(see drill --help)')
  .exitOverride();

const commands = [
  runCommand,
  resumeCommand,
  listCommand,
  planCommand,
  showCommand,
  runsCommand,
  gcCommand,
  doctorCommand,
  reportCommand,
  gateCommand,
  historyCommand,
  complianceCommand,
  prometheusCommand,
  sabotageCommand,
  runbookCommand,
  fileCommand,
  credentialsCommand,
  rehearseUpgradeCommand,
];
for (const command of commands) program.addCommand(command().exitOverride().showSuggestionAfterError());

program.addHelpText(
  'after',
  `
drill <name> is short for drill run <name>.

Exit codes: 0 pass, 1 fail (data or objective), 2 unknown (could not be verified), 64 usage or configuration,
70 the harness failed, 130 interrupted. A pipe that is closed ends the output and not the run: the code is that of the
run. Output that could not be written for another reason, such as a full disk, makes 70 of 0.`,
);

/** `drill immich-full` means `drill run immich-full`: whatever is no command is the name of a drill. */
function withRun(args: readonly string[]): string[] {
  const [first] = args;
  const known = [...program.commands.map((command) => command.name()), 'help'];
  return first === undefined || first.startsWith('-') || known.includes(first) ? [...args] : ['run', ...args];
}

/** What an error outside of a run says on stderr, and the exit code that it gives. */
function report(error: unknown): number {
  // Commander has already said what is wrong; asking for help is not an error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  const { text, exitCode } = sayError(error);
  process.stderr.write(text);
  return exitCode;
}

guardOutput(process);

try {
  const words = withRun(process.argv.slice(2));
  await withOptionsOf(program, words);
  await program.parseAsync(words, { from: 'user' });
} catch (error) {
  process.exitCode = report(error);
}
