import { DrillError } from '../../model/error.ts';

const MIB = 1024 ** 2;

/** How much disk a run may use at once, and what takes how much of it, as it was measured. */
export class DiskBudget {
  readonly maxBytes: number;
  readonly #held = new Map<string, number>();
  #largestBytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** Notes what something takes now; what goes is noted as nothing. */
  note(name: string, bytes: number): void {
    this.#held.set(name, bytes);
    this.#largestBytes = Math.max(this.#largestBytes, this.usedBytes);
  }

  get usedBytes(): number {
    return [...this.#held.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  get roomBytes(): number {
    return Math.max(0, this.maxBytes - this.usedBytes);
  }

  /** The most that was ever noted at one time. */
  get largestBytes(): number {
    return this.#largestBytes;
  }

  /** Makes sure that what is there, and something that must lie on the disk as a whole beside it, fit. */
  require(what: string, moreBytes = 0): void {
    const neededBytes = this.usedBytes + moreBytes;
    if (neededBytes <= this.maxBytes) return;
    const held = [...this.#held].filter(([, bytes]) => bytes > 0).map(([name, bytes]) => `${name} ${inMib(bytes)}`);
    const beside = held.length > 0 ? ` (on the disk: ${held.join(', ')})` : '';
    throw new DrillError({
      code: 'disk-budget-too-small',
      where: 'run/batches',
      what: `With --max-disk of ${inMib(this.maxBytes)} there is no room for ${what}: that needs at least ${inMib(neededBytes, Math.ceil)}${beside}.`,
      next: `give it --max-disk ${Math.ceil((neededBytes * MARGIN) / MIB)}MiB or more.`,
      blame: 'usage',
    });
  }
}

/** Servers go on writing a little, and a budget in which just one file fits is a slow one. */
const MARGIN = 1.1;

/** A size for people. */
export function inMib(bytes: number, round: (mib: number) => number = (mib) => mib): string {
  return `${round(bytes / MIB).toFixed(round === Math.ceil ? 0 : 1)} MiB`;
}
