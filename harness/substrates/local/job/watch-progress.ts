import { readdirSync, readFileSync, statSync } from 'node:fs';
import { processesOf } from '../../../machine/processes/process-table.ts';

const LOOKS_PER_BUDGET = 20;
const MIN_LOOK_MS = 50;
const MAX_LOOK_MS = 30_000;
const TICKS_PER_SECOND = 100;

/** Less than that between two looks is what a program does that only waits. */
const TOOL = { cpuShare: 0.01, ioBytes: 16 * 1024 };
/** The servers of the run have their own small work to do at any time. */
const SERVERS = { cpuShare: 0.05, ioBytes: 8 * 1024 * 1024 };

/** What a process has used since it started. */
interface Usage {
  readonly cpuSeconds: number;
  readonly ioBytes: number;
}

/** What is watched. */
export interface Watched {
  readonly pid: number;
  readonly runId: string;
  readonly workFolder: string;
  /** The file that the tool writes its standard output to. */
  readonly file?: string;
  readonly budgetMs: number;
  /** Called once, when nothing has moved for the whole of the budget. */
  stalled(): void;
}

/**
 * Watches a tool for as long as it runs. Progress is a word of it, a file that grows, or work of its processes or of the
 * servers of its run, as a client is silent while a server builds an index for it.
 */
export class ProgressWatch implements Disposable {
  readonly #watched: Watched;
  readonly #timer: NodeJS.Timeout | undefined;
  #movedMs = performance.now();
  #lookedMs = performance.now();
  #sizeBytes = -1;
  #seen = new Map<number, Usage>();

  constructor(watched: Watched) {
    this.#watched = watched;
    // Elsewhere nobody can be seen at work, and a tool may be silent for long.
    if (process.platform !== 'linux') return;
    const everyMs = Math.min(MAX_LOOK_MS, Math.max(MIN_LOOK_MS, watched.budgetMs / LOOKS_PER_BUDGET));
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  /** The tool has said something. */
  heard(): void {
    this.#movedMs = performance.now();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const nowMs = performance.now();
    const seconds = (nowMs - this.#lookedMs) / 1000;
    this.#lookedMs = nowMs;
    if (this.#fileGrew() || this.#worked(seconds)) this.#movedMs = nowMs;
    if (nowMs - this.#movedMs < this.#watched.budgetMs) return;
    clearInterval(this.#timer);
    this.#watched.stalled();
  }

  #fileGrew(): boolean {
    const { file } = this.#watched;
    if (file === undefined) return false;
    const { size } = statSync(file, { throwIfNoEntry: false }) ?? { size: -1 };
    const grew = size !== this.#sizeBytes;
    this.#sizeBytes = size;
    return grew;
  }

  #worked(seconds: number): boolean {
    const { pid, runId, workFolder } = this.#watched;
    const tool = descendantsOf(pid);
    const servers = processesOf(runId, workFolder).filter((one) => !tool.has(one));
    const before = this.#seen;
    this.#seen = new Map();
    return (
      this.#isBusy([...tool], before, seconds, TOOL) ||
      (before.size > 0 && this.#isBusy(servers, before, seconds, SERVERS))
    );
  }

  #isBusy(pids: readonly number[], before: Map<number, Usage>, seconds: number, least: typeof TOOL): boolean {
    let cpuSeconds = 0;
    let ioBytes = 0;
    for (const pid of pids) {
      const usage = usageOf(pid);
      if (!usage) continue;
      this.#seen.set(pid, usage);
      const { cpuSeconds: cpu, ioBytes: io } = before.get(pid) ?? { cpuSeconds: 0, ioBytes: 0 };
      cpuSeconds += Math.max(0, usage.cpuSeconds - cpu);
      ioBytes += Math.max(0, usage.ioBytes - io);
    }
    return cpuSeconds >= least.cpuShare * seconds || ioBytes >= least.ioBytes;
  }
}

/** A process and all that it has started, in whatever session they are. */
function descendantsOf(pid: number): Set<number> {
  const children = new Map<number, number[]>();
  const found = new Set([pid]);
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const [, parent, , session] = statOf(Number(name)) ?? [];
    if (parent === undefined) continue;
    if (Number(session) === pid) found.add(Number(name));
    children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(name)]);
  }
  const open = [...found];
  for (let one = open.pop(); one !== undefined; one = open.pop())
    for (const child of children.get(one) ?? []) {
      if (found.has(child)) continue;
      found.add(child);
      open.push(child);
    }
  return found;
}

/** The fields of `/proc/<pid>/stat` from the state on: state, parent, group, session … */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function usageOf(pid: number): Usage | undefined {
  const fields = statOf(pid);
  if (!fields) return undefined;
  const [userTicks, systemTicks] = fields.slice(11, 13).map(Number);
  return { cpuSeconds: ((userTicks ?? 0) + (systemTicks ?? 0)) / TICKS_PER_SECOND, ioBytes: ioOf(pid) };
}

/** What a process has read and written, by whatever means; of some it is not shown. */
function ioOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/io`, 'utf8');
    return [...text.matchAll(/^[rw]char: (\d+)$/gm)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  } catch {
    return 0;
  }
}
