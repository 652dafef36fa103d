import { dirname } from 'node:path';
import type { SystemEntry } from './system-entries.ts';

/** A folder of this machine that a sandboxed program sees, under its own path unless another is given. */
export interface VisibleFolder {
  readonly path: string;
  readonly readOnly: boolean;
  readonly at?: string;
}

/** Whom a program runs as inside; the harness must be root for it. */
export interface SandboxAccount {
  readonly uid: number;
  readonly gid: number;
}

/** Upper ends of what one sandboxed process may use, in bytes and processes; `processes` counts those of the whole account. */
export interface SandboxLimits {
  readonly memoryBytes: number;
  readonly fileBytes: number;
  /** Left out where the account is the user's own, whose other processes would count. */
  readonly processes?: number;
}

/** Everything that decides what one call of a program can see and do. */
export interface SandboxCall {
  /** What of the system every program sees, read-only. */
  readonly system: readonly SystemEntry[];
  readonly folders: readonly VisibleFolder[];
  readonly cwd: string;
  readonly network: boolean;
  readonly account?: SandboxAccount;
  /** Folders of the user are read whatever their modes say: root could, and the account of the sandbox could not. */
  readonly readsAll: boolean;
  readonly limits: SandboxLimits;
  /** The programs that drop the account and set the limits inside. */
  readonly setpriv: string;
  readonly prlimit: string;
}

/** Folders that every program may write to, empty for each call. */
const SHARED = ['/tmp', '/dev/shm'];
/** Names of the only capability that the inside of a sandbox may keep: to read, never to write. */
const READ_ALL = 'dac_read_search';

/**
 * The arguments of bubblewrap before the words of the program itself. Every name space is new, no capability is left,
 * setuid programs and device nodes mean nothing, and the kernel ends all of it when the harness dies.
 */
export function bubblewrapArguments(call: SandboxCall): string[] {
  const { account, limits } = call;
  const asRoot = account !== undefined;
  return [
    ...['--unshare-ipc', '--unshare-pid', '--unshare-uts', '--unshare-cgroup-try'],
    ...(asRoot ? [] : ['--unshare-user']),
    ...(call.network ? [] : ['--unshare-net']),
    ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...(asRoot ? ['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'].flatMap((name) => ['--cap-add', name]) : []),
    ...(asRoot && call.readsAll ? ['--cap-add', `CAP_${READ_ALL.toUpperCase()}`] : []),
    ...openFolders(call.system.map(({ path }) => path)),
    ...call.system.flatMap(systemMount),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...SHARED.flatMap((path) => ['--perms', '1777', '--tmpfs', path]),
    ...folderMounts(call.folders),
    ...['--chdir', asRoot ? '/' : call.cwd, '--'],
    ...[call.prlimit, '--core=0', `--data=${limits.memoryBytes}`, `--fsize=${limits.fileBytes}`],
    ...(asRoot && limits.processes !== undefined ? [`--nproc=${limits.processes}`] : []),
    '--',
    ...(account ? dropTo(account, call) : []),
  ];
}

function dropTo({ uid, gid }: SandboxAccount, { setpriv, readsAll, cwd }: SandboxCall): string[] {
  const kept = readsAll ? `-all,+${READ_ALL}` : '-all';
  return [
    ...[setpriv, `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs'],
    ...[`--inh-caps=${kept}`, ...(readsAll ? [`--ambient-caps=${kept}`] : []), `--bounding-set=${kept}`],
    // Only the account itself may enter its folders: bubblewrap, without a right left, may not.
    ...['--', '/usr/bin/env', `--chdir=${cwd}`],
  ];
}

function systemMount(entry: SystemEntry): string[] {
  if (entry.kind === 'link') return ['--symlink', entry.target, entry.path];
  return ['--ro-bind', entry.source, entry.path];
}

/** Outer folders first: a mount hides what was mounted below it before. Folders above a mount must let the account through. */
function folderMounts(folders: readonly VisibleFolder[]): string[] {
  const wanted = new Map<string, VisibleFolder>();
  for (const folder of folders) {
    const at = folder.at ?? folder.path;
    const known = wanted.get(at);
    // The same folder asked for twice may be written if either may.
    wanted.set(at, known ? { ...folder, readOnly: known.readOnly && folder.readOnly } : folder);
  }
  const sorted = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...openFolders(sorted.map(([at]) => at)),
    ...sorted.flatMap(([at, { path, readOnly }]) => [readOnly ? '--ro-bind' : '--bind', path, at]),
  ];
}

/** Folders above mounts, which only root could enter otherwise; those for all are there, and open. */
function openFolders(mounts: readonly string[]): string[] {
  const above = [...new Set(mounts.flatMap(parentsOf))].filter((path) => !SHARED.includes(path));
  return above.flatMap((path) => ['--perms', '0755', '--dir', path]);
}

function parentsOf(path: string): string[] {
  const parent = dirname(path);
  return parent === '/' ? [] : [...parentsOf(parent), parent];
}
