import { DrillError } from '../../model/error.ts';

const MIB = 1024 ** 2;

/** How large a copy of a backup may be, all in all. */
export class SizeLimit {
  readonly maxBytes: number;
  #usedBytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** How much there is room for beside what was taken. */
  get leftBytes(): number {
    return this.maxBytes - this.#usedBytes;
  }

  /** Takes room for what is about to be fetched, or refuses it. */
  take(what: string, sizeBytes: number, files: number): void {
    this.#usedBytes += sizeBytes;
    if (this.#usedBytes <= this.maxBytes) return;
    const before = this.#usedBytes === sizeBytes ? '' : `, ${mib(this.#usedBytes)} with what was copied before`;
    throw new DrillError({
      code: 'copy-too-large',
      where: 'sabotage',
      what: `To be ruined, a copy is fetched of ${what}: it has ${mib(sizeBytes)} in ${files.toLocaleString('en-US')} files${before}, and a copy may have ${mib(this.maxBytes)}.`,
      next: `give --max-size ${Math.ceil(this.#usedBytes / MIB)}MiB or more, if DRILL_WORK has room for some copies of it; nothing was fetched.`,
      blame: 'usage',
    });
  }
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}
