import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DrillError } from '../../../model/error.ts';
import type { ToolDefinition } from './definition.ts';
import type { Environment } from './environment.ts';
import type { FoundProgram } from './found-program.ts';
import { askVersion } from './probe.ts';

/**
 * The program that the user insists on: `DRILL_TOOL_RESTIC=/path/to/restic`, or a folder for tools of many programs.
 * Its version is asked for, and not compared; that it does not run is an error.
 */
export async function findOverride(
  tool: ToolDefinition,
  program: string,
  env: Environment,
): Promise<FoundProgram | undefined> {
  const names = tool.together ? [variable(tool.name)] : [variable(program), variable(tool.name)];
  for (const name of names) {
    const value = env[name];
    if (!value) continue;
    const location = await locate(tool, program, resolve(value), name === variable(program) && !tool.together);
    if (!location) continue;
    const probed = await askVersion(tool, location, env);
    if (probed.usable) return { program, tool: tool.name, version: probed.version, source: 'forced', location };
    throw new DrillError({
      code: 'tool-forced-unusable',
      where: `tools/${tool.name}`,
      what: `${name} asks for ${value}, which cannot be used: ${probed.problem}.`,
      next: `correct ${name}, or unset it.`,
      blame: 'usage',
    });
  }
  return undefined;
}

/** A file stands for itself alone, or, where all programs must come together, for its folder. */
async function locate(
  tool: ToolDefinition,
  program: string,
  path: string,
  exact: boolean,
): Promise<string | undefined> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  if (isFolder) return join(path, program);
  if (tool.together) return join(dirname(path), program);
  return exact || basename(path) === program ? path : undefined;
}

function variable(name: string): string {
  return `DRILL_TOOL_${name.toUpperCase().replaceAll('-', '_')}`;
}
