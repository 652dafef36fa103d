import { createHash } from 'node:crypto';
import { chmod, mkdir, statfs, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { DrillError } from '../../model/error.ts';
import {
  bubblewrapArguments,
  type SandboxAccount,
  type SandboxLimits,
  type VisibleFolder,
} from './bubblewrap-arguments.ts';
import { programFolders } from './program-folders.ts';
import type { SandboxPrograms } from './sandbox-programs.ts';
import { systemEntries } from './system-entries.ts';

/** Where sandboxed programs find the sockets of the run's servers: short, since a socket's path may have 107 characters. */
export const SOCKETS = '/sockets';
/** Accounts of our own begin here: far above those of people, services, containers and user name spaces. */
const FIRST_UID = 0x7000_0000;
const UIDS = 0x0f00_0000;
const MAX_PROCESSES = 512;
/** Of the machine's memory, for each process of a sandbox. */
const MEMORY_SHARE = 0.75;
/** The folder itself is out of everybody's sight below the work folder; sockets ask for a password. */
const PASS_THROUGH = 0o755;
const PROBE_BUDGET_MS = 10_000;

/** What one call of a program may see. */
export interface SandboxSite {
  readonly folders: readonly VisibleFolder[];
  readonly cwd: string;
  /** The program itself, and folders with what else it is made of, by absolute path. */
  readonly programs: readonly string[];
  readonly network: boolean;
  readonly readsAll: boolean;
}

/** Runs programs over data that came out of a backup so that it can harm nothing but the run's own folders. */
export class Sandbox {
  /** Whom sandboxed programs run as; undefined when the harness is no root, and they run as the user. */
  readonly account: SandboxAccount | undefined;
  /** Where the servers of the run have their sockets, as the harness sees it. */
  readonly socketsFolder: string;
  readonly #programs: SandboxPrograms;
  readonly #limits: SandboxLimits;
  readonly #accountFiles: readonly VisibleFolder[];

  private constructor(
    account: SandboxAccount | undefined,
    socketsFolder: string,
    programs: SandboxPrograms,
    limits: SandboxLimits,
    accountFiles: readonly VisibleFolder[],
  ) {
    this.account = account;
    this.socketsFolder = socketsFolder;
    this.#programs = programs;
    this.#limits = limits;
    this.#accountFiles = accountFiles;
  }

  /** Makes the sandbox of a run below its work folder, and proves that it starts; an error says why there can be none. */
  static async open(runId: string, workFolder: string, programs: SandboxPrograms): Promise<Sandbox> {
    const account = process.getuid?.() === 0 ? accountOf(runId) : undefined;
    const folder = join(workFolder, 'sandbox');
    // Short, as the path of a socket has to be.
    const socketsFolder = join(workFolder, 's');
    await mkdir(folder);
    await mkdir(socketsFolder);
    await chmod(socketsFolder, PASS_THROUGH);
    const { bavail, bsize } = await statfs(workFolder);
    const limits = {
      memoryBytes: Math.floor(totalmem() * MEMORY_SHARE),
      fileBytes: bavail * bsize,
      processes: MAX_PROCESSES,
    };
    const sandbox = new Sandbox(account, socketsFolder, programs, limits, await writeAccounts(folder, account));
    await sandbox.#prove(folder);
    return sandbox;
  }

  /** The words of a call up to the program's own: what to start, and what comes before its name. */
  call({ folders, cwd, programs, network, readsAll }: SandboxSite): { command: string; prefix: string[] } {
    const { bwrap, setpriv, prlimit } = this.#programs;
    const call = {
      system: systemEntries({ network }),
      folders: [
        ...programFolders([...programs, setpriv, prlimit]),
        ...this.#accountFiles,
        { path: this.socketsFolder, readOnly: true, at: SOCKETS },
        ...folders,
      ],
      ...{ cwd, network, readsAll, setpriv, prlimit },
      ...(this.account && { account: this.account }),
      limits: this.#limits,
    };
    return { command: bwrap, prefix: bubblewrapArguments(call) };
  }

  async #prove(folder: string): Promise<void> {
    const { command, prefix } = this.call({ folders: [], cwd: '/', programs: [], network: false, readsAll: false });
    const ran = await execa(command, [...prefix, '/bin/sh', '-c', ':'], {
      ...{ cwd: folder, reject: false, all: true, timeout: PROBE_BUDGET_MS },
    });
    if (ran.exitCode === 0) return;
    throw new DrillError({
      code: 'sandbox-unavailable',
      where: 'machine/sandbox',
      what: `A sandbox for what comes out of the backup could not be started on this machine: ${ran.all.split('\n').at(-1) || ran.shortMessage}.`,
      next: 'allow user namespaces to bubblewrap (on Ubuntu: its AppArmor profile; in a container: --security-opt seccomp=unconfined), or see SECURITY.md for what DRILL_SANDBOX=none gives up.',
      blame: 'environment',
      tail: ran.all,
    });
  }
}

/** The same run has the same account, and hardly any two runs have one together. */
function accountOf(runId: string): SandboxAccount {
  const uid = FIRST_UID + (createHash('sha256').update(runId).digest().readUInt32BE() % UIDS);
  return { uid, gid: uid };
}

/** Programs such as initdb insist on a name for their account; this machine's own list would tell of people. */
async function writeAccounts(folder: string, account: SandboxAccount | undefined): Promise<VisibleFolder[]> {
  const { uid, gid } = account ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const files = {
    passwd: ['root:x:0:0::/:/bin/sh', `drill:x:${uid}:${gid}::/:/bin/sh`, ''].join('\n'),
    group: ['root:x:0:', `drill:x:${gid}:`, ''].join('\n'),
  };
  return await Promise.all(
    Object.entries(files).map(async ([name, text]) => {
      const path = join(folder, name);
      await writeFile(path, text);
      await chmod(path, 0o644);
      return { path, readOnly: true, at: `/etc/${name}` };
    }),
  );
}
