import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Linux lists the System V segments: key, id, mode, size, creator, last user, number of processes attached. */
const SEGMENTS = '/proc/sysvipc/shm';
const KEY = 0;
const ID = 1;
const ATTACHED = 6;
/** The line of `postmaster.pid` that names the server's segment, as `key id`. */
const SEGMENT_LINE = 6;

/** The keys of the segments that Postgres servers below a work folder hold, or held until they were killed. */
export function segmentsOf(workFolder: string): string[] {
  return globSync('volumes/*/postmaster.pid', { cwd: workFolder }).flatMap((file) => {
    const line = readFileSync(join(workFolder, file), 'utf8').split('\n')[SEGMENT_LINE];
    const key = line?.trim().split(/\s+/)[0];
    return key ? [key] : [];
  });
}

/** The keys and ids of all segments of this machine that no process uses. */
export function unusedSegments(): Map<string, string> {
  const rows = readTable().map((line) => line.trim().split(/\s+/));
  return new Map(rows.filter((row) => row[ATTACHED] === '0').map((row) => [row[KEY] ?? '', row[ID] ?? '']));
}

/** Removes what Postgres servers below a work folder could not remove when they were killed: the kernel keeps it. */
export async function releaseSharedMemory(workFolder: string): Promise<void> {
  const keys = segmentsOf(workFolder);
  if (keys.length === 0) return;
  const unused = unusedSegments();
  const ids = keys.flatMap((key) => unused.get(key) ?? []);
  // One that is gone by now is what was wanted. Not by execa: the guardian, which has little memory to take, loads this, too.
  for (const id of ids) spawnSync('ipcrm', ['--shmem-id', id], { stdio: 'ignore' });
}

function readTable(): string[] {
  try {
    return readFileSync(SEGMENTS, 'utf8').trim().split('\n').slice(1);
  } catch {
    return [];
  }
}
