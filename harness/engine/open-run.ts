import { join } from 'node:path';
import type { AnyDrill } from '../model/drill.ts';
import { DrillError } from '../model/error.ts';
import type { RunType } from '../model/result.ts';
import type { Secret } from '../model/secret.ts';
import type { Substrate, SubstrateContext } from '../model/substrate.ts';
import { Journal } from './journal.ts';
import type { Run, RunListener } from './run.ts';
import { RunFolder } from './run-folder.ts';
import { makeRunId } from './run-id.ts';
import { RunLog } from './run-log.ts';
import { Scope } from './scope.ts';
import { SecretStore } from './secret-store.ts';
import { unbreakable } from './unbreakable.ts';

/** When to keep the servers' data and the restored volumes for a look inside. */
export type Keep = 'never' | 'on-failure' | 'always';

/** How to run a drill: everything that the drill itself does not say. */
export interface RunOptions {
  readonly runsFolder: string;
  readonly keep: Keep;
  readonly signal: AbortSignal;
  readonly listener: RunListener;
  /** Of the user: masked in everything that is written. */
  readonly secrets?: readonly Secret[];
  openSubstrate(context: SubstrateContext): Promise<Substrate>;
}

/** What a run is before it begins, beside its drill. */
interface Sort {
  readonly type: RunType;
  /** The backups are somebody else's. */
  readonly untrusted?: boolean;
}

/** Opens a run: its folder, its journal, and what the substrate will need to know. */
export async function openRun(
  { type, untrusted }: Sort,
  drill: AnyDrill,
  { runsFolder, openSubstrate, listener, signal, secrets: given = [] }: RunOptions,
): Promise<Run> {
  const id = makeRunId(drill.name);
  const folder = await createFolder(join(runsFolder, id));
  const secrets = new SecretStore();
  for (const secret of given) secrets.add(secret);
  const mask = (text: string) => secrets.mask(text);
  const journal = new Journal(folder.journal, mask);
  const context: SubstrateContext = {
    runId: id,
    logsFolder: folder.logs,
    signal,
    secret: (name) => secrets.secret(name),
    mask,
    note: (event, facts) => journal.write(event, facts),
    ...(untrusted && { untrusted }),
    ...(drill.disaster?.takes && { outlive: drill.disaster.takes }),
    ...(drill.readsFrom && { reads: drill.readsFrom }),
    ...(drill.readsSnapshots && { readsSnapshots: true }),
    ...(drill.readsOver && { readsOver: drill.readsOver }),
  };
  journal.write('run', { id, pid: process.pid, drill: drill.name, claim: drill.claim, scale: drill.workload.scale });
  return {
    id,
    type,
    folder,
    journal,
    log: new RunLog(journal),
    secrets,
    signal,
    listener: unbreakable(listener),
    scope: new Scope(),
    openSubstrate: () => openSubstrate(context),
    startedAt: new Date(),
  };
}

async function createFolder(path: string): Promise<RunFolder> {
  try {
    return await RunFolder.create(path);
  } catch (error) {
    throw new DrillError({
      code: 'runs-folder-unwritable',
      where: 'run',
      what: `The folder of the run, ${path}, could not be made: ${error instanceof Error ? error.message : String(error)}.`,
      next: 'set DRILL_RUNS to a folder that you can write to.',
      blame: 'usage',
      cause: error,
    });
  }
}
