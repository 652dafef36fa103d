import type { ToolCache } from './cache.ts';
import type { ToolDefinition } from './definition.ts';
import type { Environment } from './environment.ts';
import type { Look } from './found-program.ts';
import { findOverride } from './override.ts';
import { probe } from './probe.ts';
import { onSearchPath } from './search-path.ts';
import { findTogether } from './together.ts';

/** Looks for a program without installing anything: what the user insists on, `PATH` and the system, our cache. */
export async function findProgram(
  tool: ToolDefinition,
  program: string,
  env: Environment,
  cache: ToolCache | undefined,
): Promise<Look> {
  const override = await findOverride(tool, program, env);
  if (override) return { found: override, remarks: [] };
  const system = tool.together ? await findTogether(tool, program, env) : await findOnPath(tool, program, env);
  if (system.found || !cache) return system;
  const cached = await cache.find(tool, program);
  return { ...cached, remarks: [...system.remarks, ...cached.remarks] };
}

/** An old version that comes first on `PATH` does not hide an accepted one behind it. */
async function findOnPath(tool: ToolDefinition, program: string, env: Environment): Promise<Look> {
  const remarks: string[] = [];
  for (const location of await onSearchPath(program, env)) {
    const probed = await probe(tool, location, env);
    if (probed.usable) {
      return { found: { program, tool: tool.name, version: probed.version, source: 'PATH', location }, remarks };
    }
    remarks.push(probed.problem);
  }
  return { remarks };
}
