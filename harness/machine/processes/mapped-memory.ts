import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';

/** What Postgres keeps in memory that no process owns: POSIX segments are files there, System V ones have an id. */
const POSIX = /^\S+ \S+ \S+ \S+ \d+\s+(\/dev\/shm\/PostgreSQL\.\d+)$/;
const SYSTEM_V = /^\S+ \S+ \S+ \S+ (\d+)\s+\/SYSV[0-9a-f]{8} \(deleted\)$/;

/** Shared memory that processes of a run were seen to use, and that outlives them when they are killed. */
export class MappedMemory {
  readonly #files = new Set<string>();
  readonly #ids = new Set<string>();

  /** Notes what a process that lives uses: nothing else proves afterwards whose it was. */
  note(pid: number): void {
    for (const line of mapsOf(pid)) {
      const file = POSIX.exec(line)?.[1];
      const id = SYSTEM_V.exec(line)?.[1];
      if (file !== undefined) this.#files.add(file);
      if (id !== undefined) this.#ids.add(id);
    }
  }

  /** The paths and ids of what was noted. */
  get all(): readonly string[] {
    return [...this.#files, ...this.#ids];
  }

  /** Removes it, once all processes of the run have ended. What is gone by now is what was wanted. */
  release(): void {
    for (const file of this.#files) rmSync(file, { force: true });
    for (const id of this.#ids) spawnSync('ipcrm', ['--shmem-id', id], { stdio: 'ignore' });
  }
}

function mapsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  } catch {
    return [];
  }
}
