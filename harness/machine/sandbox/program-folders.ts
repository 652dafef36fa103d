import { realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname } from 'node:path';
import type { VisibleFolder } from './bubblewrap-arguments.ts';

/** What a sandbox shows of the system anyhow. */
const SHOWN = /^\/(usr|nix\/store|gnu\/store)\//;

/** Managers of tools put scripts on PATH that lead to anywhere below their own folder. */
const MANAGED = /^(.*\/\.(?:asdf|linuxbrew|nvm|pyenv|rbenv|sdkman))\//;

/**
 * What must be seen of programs that lie outside of the system's own folders: with `…/bin/name` all of `…`, where its
 * libraries and data are; otherwise the file alone, so that a program in somebody's home does not bring the home along.
 */
export function programFolders(paths: readonly string[]): VisibleFolder[] {
  const all = new Set(paths.flatMap((path) => [path, realpathSync(path)]));
  return [...all].filter((path) => !SHOWN.test(path)).map((path) => ({ path: neededOf(path), readOnly: true }));
}

function neededOf(path: string): string {
  const managed = MANAGED.exec(path)?.[1];
  if (managed) return managed;
  if (statSync(path).isDirectory()) return path;
  const bin = dirname(path);
  const prefix = dirname(bin);
  return basename(bin) === 'bin' && prefix !== '/' && prefix !== homedir() ? prefix : path;
}
