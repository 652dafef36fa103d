import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isSameProcess } from '../../machine/processes/process-table.ts';
import { recordedProcesses } from '../../machine/processes/recorded-processes.ts';
import { signalProcess } from '../../machine/processes/service-process.ts';
import { guardianOf, remainsOf, seenOf } from './run-remains.ts';
import { Workplace } from './workplace.ts';

/** After that nothing of a run may be left whose harness has died. */
/** How soon nothing may be left, where the machine has time; a busy one says nothing of it. */
export const CLEAN_BUDGET_MS = 5_000;
const LOOK_MS = 50;
const WATCH_MS = 20;
const POLL_MS = 2;
const END_BUDGET_MS = 180_000;
/** As long as a small drill takes: later kills would meet nothing. */
const LONGEST_MS = 12_000;
const STACK = /^\s+at .+:\d+:\d+\)?$/m;

/** Whom a kill meets. */
export const VICTIMS = [
  'harness',
  'harness-group',
  'harness-sigterm',
  'harness-sigint',
  'guardian',
  'server',
  'tool',
] as const;
export type Victim = (typeof VICTIMS)[number];

/** What one kill has led to. */
export interface Kill {
  readonly victim: Victim;
  readonly afterMs: number;
  /** How the harness ended: an exit code, or the signal. */
  readonly ended: number | string;
  readonly verdict: string | undefined;
  /** How long it took after the end of the harness until nothing was left. */
  readonly cleanMs: number;
  readonly left: readonly string[];
  readonly wrong: readonly string[];
}

/** Numbers that look random and are the same for the same seed. */
export function drawing(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Starts drills, so many at once, and kills a part of each at a moment of its own; every second lane shares its work folder. */
export async function killAtRandom(options: {
  readonly seed: number;
  readonly kills: number;
  readonly atOnce: number;
  readonly victims?: readonly Victim[];
  readonly folder: string;
  readonly cleanBudgetMs?: number;
  onKill?(kill: Kill): void;
}): Promise<Kill[]> {
  const {
    seed,
    kills,
    atOnce,
    victims = VICTIMS,
    folder,
    cleanBudgetMs = CLEAN_BUDGET_MS,
    onKill = () => {},
  } = options;
  const draw = drawing(seed);
  const plan = Array.from({ length: kills }, (_, i) => ({
    // Each in turn, so that few kills meet all of them, too.
    victim: victims[i % victims.length] as Victim,
    afterMs: Math.round(draw() * LONGEST_MS),
  }));
  const done: Kill[] = [];
  const lane = async (number: number) => {
    const shared = join(folder, 'shared');
    for (let next = plan.shift(); next; next = plan.shift()) {
      const work = number % 2 === 0 ? shared : mkdtempSync(join(folder, 'own-'));
      mkdirSync(work, { recursive: true });
      chmodSync(work, 0o711);
      const kill = await killOne(next.victim, next.afterMs, work, cleanBudgetMs);
      done.push(kill);
      onKill(kill);
      if (work !== shared) rmSync(work, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, (_, number) => lane(number)));
  return done;
}

async function killOne(victim: Victim, afterMs: number, work: string, cleanBudgetMs: number): Promise<Kill> {
  using place = new Workplace(work);
  const child = place.start(['notes', '--json'], { detached: true, timeout: END_BUDGET_MS });
  const harness = child.pid ?? 0;
  const folder = () => {
    const [id] = place.runs();
    return id === undefined ? undefined : join(work, `restore-drill-${id}`);
  };
  let seen = seenOf(harness, undefined, undefined);
  const watch = async (untilMs: number) => {
    while (Date.now() < untilMs && existsSync(`/proc/${harness}`)) {
      await delay(Math.min(WATCH_MS, Math.max(0, untilMs - Date.now())));
    }
    seen = seenOf(harness, place.runs()[0], folder());
  };
  await watch(Date.now() + afterMs);
  // Tools are over in no time: whoever wants to meet one waits for the next.
  while ((victim === 'server' || victim === 'tool') && existsSync(`/proc/${harness}`)) {
    if (runningIn(folder())[victim] !== undefined) break;
    await delay(POLL_MS);
  }
  strike(victim, harness, folder());
  const result = await child;
  const endedMs = Date.now();
  let left: string[];
  do {
    await delay(LOOK_MS);
    left = remainsOf(seen, place.runs()[0], folder());
  } while (left.length > 0 && Date.now() - endedMs < cleanBudgetMs);
  const cleanMs = Date.now() - endedMs;
  const ended = result.exitCode ?? result.signal ?? 'nothing';
  const verdict = verdictOf(place);
  const said = `${result.stdout}\n${result.stderr}`;
  return { victim, afterMs, ended, verdict, cleanMs, left, wrong: wrongIn(victim, ended, verdict, said) };
}

/** A tool is noted by its job and its program, a server by its name alone. */
function runningIn(folder: string | undefined): {
  readonly server: number | undefined;
  readonly tool: number | undefined;
} {
  const noted = folder === undefined ? [] : recordedProcesses(folder);
  const running = noted.filter((one) => isSameProcess(one.pid, one.startedAt));
  return {
    server: running.find(({ name }) => !name.includes(' '))?.pid,
    tool: running.find(({ name }) => name.includes(' '))?.pid,
  };
}

function strike(victim: Victim, harness: number, folder: string | undefined): void {
  if (victim === 'harness') signalProcess(harness, 'SIGKILL');
  if (victim === 'harness-group') signalProcess(-harness, 'SIGKILL');
  if (victim === 'harness-sigterm') signalProcess(harness, 'SIGTERM');
  if (victim === 'harness-sigint') signalProcess(harness, 'SIGINT');
  const other = { guardian: guardianOf(harness), ...runningIn(folder) }[victim as string];
  if (other !== undefined) signalProcess(other, 'SIGKILL');
}

function verdictOf(place: Workplace): string | undefined {
  const [id] = place.runs();
  const file = id && join(place.folder, 'runs', id, 'result.json');
  return file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { verdict: string }).verdict : undefined;
}

/** The backups are healthy: whatever is killed, nobody may say that they are not. */
function wrongIn(victim: Victim, ended: number | string, verdict: string | undefined, said: string): string[] {
  const wrong: string[] = [];
  if (verdict !== undefined && verdict !== 'pass' && verdict !== 'unknown') wrong.push(`the verdict is ${verdict}`);
  const asked: Readonly<Record<Victim, readonly (number | string)[]>> = {
    harness: ['SIGKILL', 0],
    'harness-group': ['SIGKILL', 0],
    // Before the command listens for it, a signal ends it as any other program.
    'harness-sigterm': [130, 0, 'SIGTERM'],
    'harness-sigint': [130, 0, 'SIGINT'],
    guardian: [0],
    server: [0, 2],
    tool: [0, 2],
  };
  if (!asked[victim].includes(ended)) wrong.push(`it ended with ${ended}`);
  const stack = STACK.exec(said)?.[0];
  if (stack !== undefined) wrong.push(`a stack trace: ${stack.trim()}`);
  return wrong.length === 0 ? [] : [...wrong, said.slice(-1_500)];
}
