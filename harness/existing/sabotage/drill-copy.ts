import type { Objective, Objectives } from '../../model/drill.ts';
import type { RunResult } from '../../model/result.ts';
import type { LastPassed, OwnDrill } from '../configuration/plug-in.ts';
import { runRehearsal } from '../run-existing.ts';
import type { CopyFolders, OwnSabotages } from './own-sabotage.ts';
import { type OwnSabotageOptions, SILENT } from './own-sabotage-options.ts';

/** Folders are named after the drill, and the sockets of servers in them may have no more than 107 characters. */
const NAME_LONGEST = 16;

/** Which copies to drill, and where. */
export interface Drilling {
  readonly folders: CopyFolders;
  readonly options: OwnSabotageOptions;
  readonly last?: LastPassed;
}

/** Drills copies as the configuration says, but for how long it may take: a copy on this disk tells nothing of that. */
export async function drillCopy(
  name: string,
  { config, plugIn }: OwnDrill,
  sabotages: OwnSabotages,
  { folders, options, last }: Drilling,
): Promise<RunResult> {
  const short = name.slice(0, NAME_LONGEST).replace(/-$/, '');
  const rehearsal = plugIn.rehearsalOf(short, sabotages.onCopies(config, folders), last);
  const untimed = { ...rehearsal, ...(rehearsal.objectives && { objectives: withoutRto(rehearsal.objectives) }) };
  const { runsFolder, signal, openSubstrate } = options;
  return await runRehearsal(untimed, { runsFolder, signal, openSubstrate, keep: 'never', listener: SILENT });
}

function withoutRto({ components = {}, ...whole }: Objectives): Objectives {
  const rpoOf = ({ rpo }: Objective): Objective => (rpo === undefined ? {} : { rpo });
  const each = Object.entries(components).map(([name, one]) => [name, rpoOf(one)] as const);
  return { ...rpoOf(whole), components: Object.fromEntries(each) };
}
