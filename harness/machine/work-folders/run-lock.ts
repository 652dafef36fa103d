import { closeSync, constants, openSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

const SOCKET = 'alive';
/** Answers that say for sure that nobody listens; after any other one, somebody may. */
const NOBODY = ['ECONNREFUSED', 'ENOENT', 'ENOTSOCK'];

const held = new Map<string, { readonly server: Server; readonly folder: number | undefined }>();

/**
 * Holds the lock of a run: a socket in its folder that this process listens at. The kernel lets go of it when the process
 * ends, however that happens, and takes calls for it while its event loop is busy or the process is stopped; it is the same
 * one for processes of any account, PID or network namespace that see the folder. None is inherited by children.
 */
export async function holdLock(folder: string): Promise<void> {
  const opened = openFolder(folder);
  const server = createServer((caller) => caller.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketIn(folder, opened), resolve);
  });
  server.unref();
  held.set(folder, { server, folder: opened });
}

/** Says that a folder whose lock this process holds has another name now. */
export function renameLock(from: string, to: string): void {
  const lock = held.get(from);
  if (!lock) return;
  held.delete(from);
  held.set(to, lock);
}

/** Lets go of a lock that this process holds. */
export async function releaseLock(folder: string): Promise<void> {
  const lock = held.get(folder);
  if (!lock) return;
  held.delete(folder);
  await new Promise((resolve) => lock.server.close(resolve));
  // Only now: closing removes the socket, by way of this folder.
  if (lock.folder !== undefined) closeSync(lock.folder);
}

/** Whether a process that lives holds the lock of the run in that folder, or may hold it. */
export async function isHeld(folder: string): Promise<boolean> {
  let opened: number | undefined;
  try {
    opened = openFolder(folder);
    return await answers(socketIn(folder, opened));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

async function answers(socket: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const call = connect(socket);
    call.once('connect', () => {
      call.destroy();
      resolve(true);
    });
    call.once('error', ({ code }: NodeJS.ErrnoException) => resolve(!NOBODY.includes(code ?? '')));
  });
}

/** By way of the open folder a path of any length is short enough for a socket; only Linux has that way. */
function openFolder(folder: string): number | undefined {
  if (process.platform !== 'linux') return undefined;
  return openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
}

function socketIn(folder: string, opened: number | undefined): string {
  return opened === undefined ? join(folder, SOCKET) : `/proc/self/fd/${opened}/${SOCKET}`;
}
