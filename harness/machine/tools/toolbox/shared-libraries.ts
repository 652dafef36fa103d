import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { runProgram } from './run-program.ts';

const LDD_BUDGET_MS = 30_000;
const NOT_FOUND = /^\s*(\S+) => not found/gm;
const LIBRARY = /\.so(\.|$)/;

/** Folders below `root` that hold shared libraries, relative to it. */
export async function libraryFolders(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const libraries = entries.filter((entry) => !entry.isDirectory() && LIBRARY.test(entry.name));
  const folders = libraries.map((entry) => relative(root, dirname(join(entry.parentPath, entry.name))));
  return [...new Set(folders)].sort();
}

/** The shared libraries that a program would miss, with those below `root` at hand. */
export async function missingLibraries(program: string, root: string, path: string): Promise<string[]> {
  const folders = (await libraryFolders(root)).map((folder) => join(root, folder));
  const env = { PATH: path, LC_ALL: 'C', LD_LIBRARY_PATH: folders.join(':') };
  const { stdout } = await runProgram('ldd', [program], { env, cwd: root, budgetMs: LDD_BUDGET_MS });
  return [...stdout.matchAll(NOT_FOUND)].flatMap(([, name]) => (name ? [name] : []));
}
