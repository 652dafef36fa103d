import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isSameProcess, processStart, RUN_VARIABLE } from '../../machine/processes/process-table.ts';

/** The state of a socket that waits for callers, in the kernel's tables. */
const LISTENING = '0A';
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];

/** A process as it was seen once. */
export interface SeenProcess {
  readonly pid: number;
  readonly startedAt: string;
  readonly words: string;
}

/** What a run had at one moment: its processes, and the sockets that they listened at. */
export interface Seen {
  readonly processes: readonly SeenProcess[];
  readonly sockets: readonly string[];
  /** Files of shared memory that they had mapped. */
  readonly memory: readonly string[];
}

/** All that descends from a process, that carries the run in its environment, or that stands in its folder. */
export function seenOf(harness: number, runId: string | undefined, folder: string | undefined): Seen {
  const all = pids();
  const parents = new Map(all.map((pid) => [pid, parentOf(pid)]));
  const descends = (pid: number): boolean => {
    for (let at: number | undefined = parents.get(pid); at !== undefined && at > 1; at = parents.get(at))
      if (at === harness) return true;
    return false;
  };
  const mine = all.filter((pid) => pid !== harness && (descends(pid) || carries(pid, runId) || standsIn(pid, folder)));
  const processes = mine.flatMap((pid) => {
    const startedAt = processStart(pid);
    const words = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
    return startedAt === undefined ? [] : [{ pid, startedAt, words }];
  });
  const held = new Set(mine.flatMap(socketsOf));
  const memory = [...new Set(mine.flatMap(memoryOf))];
  return { processes, memory, sockets: listening().filter((inode) => held.has(inode)) };
}

/** What is left of all that: processes, sockets, and the folder. */
export function remainsOf(before: Seen, runId: string | undefined, folder: string | undefined): string[] {
  const now = seenOf(-1, runId, folder).processes;
  const still = [...before.processes, ...now].filter(({ pid, startedAt }) => isSameProcess(pid, startedAt));
  const sockets = new Set(listening());
  return [
    ...new Set(still.map(({ pid, words }) => `process ${pid}: ${words}`)),
    ...before.sockets.filter((inode) => sockets.has(inode)).map((inode) => `listening socket ${inode}`),
    ...before.memory.filter((path) => existsSync(path)).map((path) => `shared memory ${path}`),
    ...(folder !== undefined && existsSync(folder) ? [`folder ${folder}`] : []),
  ];
}

/** The process of the guardian of a harness. */
export function guardianOf(harness: number): number | undefined {
  return pids().find((pid) => parentOf(pid) === harness && read(`/proc/${pid}/cmdline`).includes('guardian/guard.ts'));
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat === '' ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function carries(pid: number, runId: string | undefined): boolean {
  return runId !== undefined && read(`/proc/${pid}/environ`).split('\0').includes(`${RUN_VARIABLE}=${runId}`);
}

function standsIn(pid: number, folder: string | undefined): boolean {
  try {
    return folder !== undefined && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
  } catch {
    return false;
  }
}

function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode === undefined ? [] : [inode];
    });
  } catch {
    return [];
  }
}

function memoryOf(pid: number): string[] {
  return [...read(`/proc/${pid}/maps`).matchAll(/\/dev\/shm\/PostgreSQL\.\d+(?=\n)/g)].map(([path]) => path);
}

function listening(): string[] {
  return TABLES.flatMap((table) => read(table).trim().split('\n').slice(1)).flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    return fields[3] === LISTENING && fields[9] !== undefined ? [fields[9]] : [];
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
