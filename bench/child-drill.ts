import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { type JournalLine, readJournal } from '../harness/engine/journal.ts';
import type { RunResult } from '../harness/model/result.ts';
import type { BenchOptions } from './benchmark.ts';

const ROOT = join(import.meta.dirname, '..');
const SAMPLE_MS = 50;
const KIB = 1024;

/** A drill that ran in a process of its own. */
export interface ChildDrill {
  readonly result: RunResult;
  readonly journal: readonly JournalLine[];
  /** The most memory that the process itself ever had, its servers and tools not counted. */
  readonly peakBytes: number;
}

/** Runs a drill as `npm run drill` does, with runs in a folder of their own, and watches its memory. */
export async function runChildDrill(
  args: readonly string[],
  runsFolder: string,
  { signal, note }: BenchOptions,
): Promise<ChildDrill> {
  const { env, flags } = drillCommand();
  const child = execa(process.execPath, [...flags, 'run', ...args, '--json'], {
    cwd: ROOT,
    env: { ...env, DRILL_RUNS: runsFolder, DRILL_STATE: join(runsFolder, '.state') },
    stdin: 'ignore',
    cancelSignal: signal,
    // Ended hard, it would leave its servers behind.
    killSignal: 'SIGINT',
    forceKillAfterDelay: false,
    reject: false,
  });
  let peakBytes = 0;
  // The kernel keeps the peak itself, so that only what comes after the last look can be missed.
  const sampler = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid));
  }, SAMPLE_MS);
  child.stderr.on('data', (text: Buffer) => {
    const line = text.toString().trimEnd().split('\n').at(-1);
    if (line) note(line);
  });
  const { stdout, stderr } = await child;
  clearInterval(sampler);
  signal.throwIfAborted();
  if (!stdout.startsWith('{')) throw new Error(`the drill gave no result:\n${stderr}`);
  const result = JSON.parse(stdout) as RunResult;
  return { result, journal: readJournal(join(result.run.folder, 'journal.jsonl')), peakBytes };
}

/** What `npm run drill` starts: the variables and Node's options of the script count for memory and speed. */
function drillCommand(): { readonly env: Record<string, string>; readonly flags: readonly string[] } {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { drill: string } };
  const words = scripts.drill.split(' ');
  const node = words.indexOf('node');
  return { env: Object.fromEntries(words.slice(0, node).map((word) => word.split('='))), flags: words.slice(node + 1) };
}

/** Linux only; elsewhere it stays at zero, which the benchmark reports as not measured. */
function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * KIB;
  } catch {
    return 0;
  }
}
