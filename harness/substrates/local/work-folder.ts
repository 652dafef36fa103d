import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processStart } from './process-table.ts';
import { releaseSharedMemory } from './shared-memory.ts';
import { fileWriter } from './writing/file-writer.ts';

const PREFIX = 'restore-drill-';
const OWNER_FILE = 'owner.json';
const PIDS_FILE = 'pids.jsonl';
const KEEP_HOURS = 24;
/** Servers that refuse to run as root must be able to walk through, not to look around. */
const PASS_THROUGH = 0o711;

/** Who made a work folder, so that one left behind by a killed run can be told from one in use. */
export interface Owner {
  readonly runId: string;
  readonly pid: number;
  /** When that process started, so that a reused process id is not taken for it. */
  readonly startedAt: string;
  readonly expiresAt: string;
  /** The user asked to keep it: it goes only with `drill gc --kept`, or when it has expired. */
  readonly kept: boolean;
}

/** A process that a run started, with the start time that tells it from a later one of the same id. */
export interface StartedProcess {
  readonly pid: number;
  readonly name: string;
  readonly startedAt: string;
}

/** The folder above all work folders: `DRILL_WORK`, or the system's folder for temporary files. */
export function workRoot(env: NodeJS.ProcessEnv = process.env): string {
  return env.DRILL_WORK ?? tmpdir();
}

/** Makes the folder that holds everything of a run on this machine, marked with its owner before anything else. */
export async function makeWorkFolder(runId: string, root = workRoot()): Promise<string> {
  const folder = join(root, `${PREFIX}${runId}`);
  await mkdir(root, { recursive: true });
  await mkdir(folder);
  await chmod(folder, PASS_THROUGH);
  await writeOwner(folder, runId, false);
  for (const part of ['volumes', 'scratch']) {
    await mkdir(join(folder, part));
    await chmod(join(folder, part), PASS_THROUGH);
  }
  return folder;
}

/** Writes, or rewrites, who owns a work folder. */
export async function writeOwner(folder: string, runId: string, kept: boolean): Promise<void> {
  const owner: Owner = {
    runId,
    pid: process.pid,
    startedAt: processStart(process.pid) ?? '',
    expiresAt: new Date(Date.now() + KEEP_HOURS * 3_600_000).toISOString(),
    kept,
  };
  await writeFile(join(folder, OWNER_FILE), `${JSON.stringify(owner, null, 2)}\n`, { mode: 0o600 });
}

/** The work folders below `root`, with their owners; a folder without a readable owner was killed while it was made. */
export function listWorkFolders(root = workRoot()): { folder: string; owner: Owner | undefined }[] {
  if (!existsSync(root)) return [];
  const names = readdirSync(root).filter((name) => name.startsWith(PREFIX));
  return names.sort().map((name) => ({ folder: join(root, name), owner: readOwner(join(root, name)) }));
}

/** Notes a started process in the work folder at once, so that a kill of the harness does not hide it. */
export function recordProcess(folder: string, pid: number, name: string): void {
  const line: StartedProcess = { pid, name, startedAt: processStart(pid) ?? '' };
  appendFileSync(join(folder, PIDS_FILE), `${JSON.stringify(line)}\n`, { mode: 0o600 });
}

/** The processes that were noted in a work folder; a line cut by a kill is passed over. */
export function recordedProcesses(folder: string): StartedProcess[] {
  const file = join(folder, PIDS_FILE);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => parse<StartedProcess>(line) ?? []);
}

function readOwner(folder: string): Owner | undefined {
  const file = join(folder, OWNER_FILE);
  return existsSync(file) ? parse<Owner>(readFileSync(file, 'utf8')) : undefined;
}

function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

/** Removes the work folder of a run whose processes have ended, and what they could not remove themselves. */
export async function removeWorkFolder(folder: string): Promise<void> {
  await releaseSharedMemory(folder);
  await fileWriter.remove(folder);
}
