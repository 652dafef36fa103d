import { type Command, Option } from 'commander';
import type { Drill } from '../model/drill.ts';
import { type ClusterOptions, withClusterOptions } from './cluster-options.ts';
import { loadDisaster } from './load-disaster.ts';
import { loadDrill } from './load-drills.ts';
import { duration } from './numbers.ts';
import { SUBSTRATES, type SubstrateName } from './open-substrate.ts';
import { addOwnOptions, ownChoices } from './own-options.ts';
import { changeDrill } from './resize-drill.ts';

/** Options of every command that takes a drill apart or runs it. */
export interface DrillOptions extends ClusterOptions {
  readonly on: SubstrateName;
  readonly only: string[];
  readonly rto?: string;
  readonly rpo?: string;
  readonly disaster?: string;
}

/** The drill by its name, with what the options change of it; those of its workload are among them. */
export async function drillWith(name: string, options: DrillOptions): Promise<Drill> {
  const drill = await loadDrill(name);
  const { rto, rpo, only } = options;
  return changeDrill(drill, {
    ...ownChoices(drill, options),
    only,
    ...(rto !== undefined && { rto }),
    ...(rpo !== undefined && { rpo }),
    ...(options.disaster !== undefined && { disaster: await loadDisaster(options.disaster, drill.workload) }),
  });
}

/** Adds what the workloads of the drills that are named have of their own to the command that the words call. */
export async function withOptionsOf(program: Command, [name, ...words]: readonly string[]): Promise<void> {
  const command = program.commands.find((one) => one.name() === name);
  if (command && TAKE_DRILLS.has(command)) await addOwnOptions(command, words);
}

const TAKE_DRILLS = new WeakSet<Command>();

/** Adds those options to a command. */
export function withDrillOptions(command: Command): Command {
  TAKE_DRILLS.add(command);
  const full = command
    .addOption(new Option('--on <substrate>', 'where it runs').choices(SUBSTRATES).default('local'))
    .option(
      '--only <component>',
      'protect only this component (may be given again)',
      (one, all: string[]) => [...all, one],
      [],
    )
    .option('--disaster <name>', "another disaster than the drill's own, such as lose-cluster")
    .option('--rto <duration>', 'objective for the whole, such as 2h', duration)
    .option('--rpo <duration>', 'objective for the whole, such as 24h', duration);
  full.addHelpText('after', () => '\nA drill has more options, of its workload: name it before --help to see them.');
  return withClusterOptions(full);
}
