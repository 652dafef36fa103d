import { accessSync, constants, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DrillError } from '../model/error.ts';

/** The folder that `--out` names, whether it is there or not; says what is wrong with it before any work is done for it. */
export function outFolder(text: string): string {
  const path = resolved(text);
  const stat = statOf(path);
  if (stat && !stat.isDirectory()) throw wrong(path, 'it is there, and no folder', 'name a folder, or a new one.');
  writable(path);
  return path;
}

/** The file that `--out` names, in the same way. It is put in place whole, so it cannot be a device or a pipe. */
export function outFile(text: string): string {
  const path = resolved(text);
  const stat = statOf(path);
  if (stat?.isDirectory()) throw wrong(path, 'it is a folder', 'name a file in it.');
  if (stat && !stat.isFile())
    throw wrong(path, 'it is a pipe or a device', 'name a file, or leave --out out: it is printed then.');
  writable(dirname(path));
  return path;
}

function resolved(text: string): string {
  if (/\p{Cc}/u.test(text) || text === '')
    throw wrong(JSON.stringify(text), 'it is no name for a file', 'name another one.');
  return resolve(text);
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !isLink(path)) return undefined;
    if (code === 'ENOTDIR') throw wrong(path, 'there is a file where a folder above it should be', 'name another one.');
    throw wrong(path, `it cannot be looked at (${code})`, 'name another one.');
  }
}

/** Makes the folder, one level after the other: where the system says that nothing can be made, `recursive` tries forever. */
function writable(folder: string): void {
  try {
    if (statOf(folder)) {
      accessSync(folder, constants.W_OK | constants.X_OK);
      return;
    }
    writable(dirname(folder));
    mkdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof DrillError || code === 'EEXIST') throw error;
    throw wrong(folder, `this account cannot write there (${code})`, 'name another one, or see to its rights.');
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function wrong(path: string, why: string, next: string): DrillError {
  return new DrillError({
    code: 'out-unusable',
    where: 'cli',
    what: `Nothing can be written to ${path}: ${why}.`,
    next,
    blame: 'usage',
  });
}
