import { glob, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ToolDefinition } from './definition.ts';
import type { Environment } from './environment.ts';
import type { Look, ProgramSource } from './found-program.ts';
import { probe } from './probe.ts';
import { isExecutable, onSearchPath, searchPath } from './search-path.ts';
import { compareVersions } from './version-range.ts';

interface Install {
  readonly folder: string;
  readonly source: ProgramSource;
  readonly version: string;
}

/** Finds a program whose fellows must come from the same folder: in the newest folder that has them all. */
export async function findTogether(tool: ToolDefinition, program: string, env: Environment): Promise<Look> {
  const remarks: string[] = [];
  const installs: Install[] = [];
  for (const [folder, source] of await candidates(tool, env)) {
    const install = await inspect(tool, folder, source, env);
    if (typeof install === 'string') remarks.push(install);
    else if (install) installs.push(install);
  }
  // Of the same version, the one on PATH: it comes first, and sorting keeps the order of equals.
  const [newest] = installs.sort((a, b) => compareVersions(b.version, a.version));
  if (!newest) return { remarks };
  const { folder, source, version } = newest;
  return { found: { program, tool: tool.name, version, source, location: join(folder, program) }, remarks };
}

/** The folder as an install; a remark when it is one that cannot be used; undefined when it is none at all. */
async function inspect(
  tool: ToolDefinition,
  folder: string,
  source: ProgramSource,
  env: Environment,
): Promise<Install | string | undefined> {
  const present = await Promise.all(tool.programs.map((name) => isExecutable(join(folder, name))));
  const missing = tool.programs.filter((_, index) => !present[index]);
  if (missing.length === tool.programs.length) return undefined;
  if (missing.length > 0) return `${folder} has ${tool.name} without ${missing.join(', ')}`;
  const [main = tool.name] = tool.programs;
  const probed = await probe(tool, join(folder, main), env);
  return probed.usable ? { folder, source, version: probed.version } : probed.problem;
}

/** Folders of `PATH`, those that its links lead to (a lone link to a program is common), and the known places. */
async function candidates(tool: ToolDefinition, env: Environment): Promise<Map<string, ProgramSource>> {
  const folders = new Map<string, ProgramSource>();
  for (const program of tool.programs) {
    for (const location of await onSearchPath(program, env)) {
      const real = await realpath(location);
      folders.set(dirname(real), 'PATH');
    }
  }
  for (const folder of searchPath(env)) {
    const real = await realpath(folder).catch(() => undefined);
    if (real) folders.set(real, 'PATH');
  }
  for (const place of tool.together?.places ?? []) {
    for await (const folder of glob(place)) {
      const real = await realpath(folder);
      if (!folders.has(real)) folders.set(real, 'place');
    }
  }
  return folders;
}
