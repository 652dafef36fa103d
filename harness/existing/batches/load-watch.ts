import { setInterval } from 'node:timers/promises';
import type { Database } from '../../model/target.ts';
import type { DiskBudget } from './disk-budget.ts';
import { diskOfServer } from './measure-disk.ts';

const LOOK_MS = 500;

const END_OTHERS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`;

/** Looks at a server while it is loaded, and ends the load once it takes more of the disk than there is for it. */
export class LoadWatch {
  readonly #budget: DiskBudget;
  readonly #component: string;
  readonly #over = new AbortController();
  #watching: Promise<void> | undefined;
  #exceeded: unknown;

  constructor(budget: DiskBudget, component: string) {
    this.#budget = budget;
    this.#component = component;
  }

  get begun(): boolean {
    return this.#watching !== undefined;
  }

  /** Starts to look at a server. */
  begin(database: Database): void {
    this.#watching ??= this.#watch(database);
  }

  /** Does work during which it looks; that there is no room counts before whatever came of the work then. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.#over.abort();
      await this.#watching;
      if (this.#exceeded !== undefined) this.#rethrow();
    }
  }

  #rethrow(): never {
    throw this.#exceeded;
  }

  async #watch(database: Database): Promise<void> {
    try {
      for await (const _ of setInterval(LOOK_MS, undefined, { signal: this.#over.signal })) {
        this.#budget.note(`the ${this.#component}`, await diskOfServer(database));
        if (!this.#fits()) await database.query(END_OTHERS);
      }
    } catch {
      // Its end, or a server that does not answer: the load itself finds out.
    }
  }

  #fits(): boolean {
    try {
      this.#budget.require(`the ${this.#component} and what it is made from, which is not loaded to its end`);
      return true;
    } catch (error) {
      this.#exceeded ??= error;
      return false;
    }
  }
}
