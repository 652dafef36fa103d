import { Listr, type ListrTask, PRESET_TIMER } from 'listr2';
import { phaseTitle } from '../../reports/digest/phase-title.ts';
import type { RunListener } from '../engine/run.ts';
import { formatDuration } from '../model/duration.ts';
import { printable } from '../model/printable.ts';
import { DRILL_PHASES, type Phase } from '../model/result.ts';

const NAME_WIDTH = 18;

/** A listener that shows a run, and is told when it is over. */
export interface Progress extends RunListener {
  /** Something that takes long and is not a phase, such as building a program. */
  note(line: string): void;
  over(): Promise<void>;
}

/** Live on a terminal; one plain line a phase elsewhere, as logs and CI want it. Everything goes to stderr. */
export function openProgress(
  phases: readonly Phase[] = DRILL_PHASES,
  stream: NodeJS.WriteStream = process.stderr,
): Progress {
  return stream.isTTY ? new LiveProgress(phases) : new PlainProgress(stream);
}

class PlainProgress implements Progress {
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  phaseStarted(): void {}

  step(): void {}

  note(line: string): void {
    this.#stream.write(`${clock()} ...  ${printable(line)}\n`);
  }

  phaseEnded(phase: Phase, seconds: number, ok: boolean, summary: string): void {
    const mark = ok ? 'ok  ' : 'FAIL';
    this.#stream.write(
      `${clock()} ${mark} ${phaseTitle(phase).padEnd(NAME_WIDTH)} ${formatDuration(seconds).padStart(9)}  ${printable(summary)}\n`,
    );
  }

  async over(): Promise<void> {}
}

function clock(): string {
  return new Date().toISOString().slice(11, 19);
}

interface Pending {
  readonly ended: Promise<{ ok: boolean; summary: string }>;
  readonly end: (outcome: { ok: boolean; summary: string }) => void;
}

type Task = Parameters<ListrTask['task']>[1];

class LiveProgress implements Progress {
  readonly #pending = new Map<Phase, Pending>();
  readonly #tasks = new Map<Phase, Task>();
  readonly #rendered: Promise<unknown>;
  readonly #started = new Set<Phase>();

  readonly #phases: readonly Phase[];

  constructor(phases: readonly Phase[]) {
    this.#phases = phases;
    for (const phase of phases) this.#pending.set(phase, pending());
    const tasks = phases.map((phase) => ({
      title: phaseTitle(phase),
      task: (_: unknown, task: Task) => this.#follow(phase, task),
    }));
    const list = new Listr(tasks, {
      exitOnError: false,
      // The run itself answers Ctrl-C, by disposing of what it started.
      registerSignalListeners: false,
      rendererOptions: { timer: PRESET_TIMER, showErrorMessage: false, collapseErrors: false },
    });
    this.#rendered = list.run();
  }

  phaseStarted(phase: Phase): void {
    // Phases that a failure has passed over must not hold up the list.
    for (const earlier of this.#phases.slice(0, this.#phases.indexOf(phase)))
      if (!this.#started.has(earlier)) this.#pending.get(earlier)?.end({ ok: true, summary: '' });
    this.#started.add(phase);
  }

  step(text: string): void {
    const current = [...this.#started].at(-1);
    const task = current && this.#tasks.get(current);
    if (task) task.output = printable(text);
  }

  note(line: string): void {
    this.step(line);
  }

  phaseEnded(phase: Phase, _seconds: number, ok: boolean, summary: string): void {
    this.#pending.get(phase)?.end({ ok, summary });
  }

  async over(): Promise<void> {
    for (const { end } of this.#pending.values()) end({ ok: true, summary: '' });
    await this.#rendered;
  }

  async #follow(phase: Phase, task: Task): Promise<void> {
    this.#tasks.set(phase, task);
    const outcome = await this.#pending.get(phase)?.ended;
    if (!this.#started.has(phase)) task.skip(`${phaseTitle(phase)} (not reached)`);
    else if (outcome?.ok === false) throw new Error(printable(outcome.summary));
    else if (outcome?.summary) task.title = `${phaseTitle(phase).padEnd(NAME_WIDTH)} ${printable(outcome.summary)}`;
  }
}

function pending(): Pending {
  const { promise, resolve } = Promise.withResolvers<{ ok: boolean; summary: string }>();
  return { ended: promise, end: resolve };
}
