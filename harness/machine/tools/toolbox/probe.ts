import { tmpdir } from 'node:os';
import { execa } from 'execa';
import type { ToolDefinition } from './definition.ts';
import { type Environment, pick } from './environment.ts';
import { inRange, isVersioned } from './version-range.ts';

const PROBE_BUDGET_MS = 20_000;
const PASSED_ON = ['PATH', 'LD_LIBRARY_PATH'];

/** What a program answered when asked for its version, or why it cannot be used. */
export type Probed =
  | { readonly usable: true; readonly version: string }
  | { readonly usable: false; readonly problem: string; readonly version?: string };

/** Runs the program as a drill would, without the user's own settings, and compares its version with what is accepted. */
export async function probe(tool: ToolDefinition, location: string, env: Environment): Promise<Probed> {
  const asked = await askVersion(tool, location, env);
  if (!asked.usable || isAccepted(tool, asked.version)) return asked;
  return {
    usable: false,
    version: asked.version,
    problem: `${location} is version ${asked.version}; needed is ${tool.accepts}`,
  };
}

/** Runs the program for its version alone. */
export async function askVersion(tool: ToolDefinition, location: string, env: Environment): Promise<Probed> {
  const result = await execa(location, tool.version.args, {
    env: { ...pick(env, PASSED_ON), HOME: tmpdir(), LC_ALL: 'C' },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: PROBE_BUDGET_MS,
  });
  const said = result.all.trim();
  const call = [location, ...tool.version.args].join(' ');
  if (result.exitCode !== 0) {
    const how = result.timedOut ? 'did not answer in time' : (said.split('\n').at(-1) ?? '');
    return {
      usable: false,
      problem: `\`${call}\` failed: ${how || result.originalMessage || `exit code ${result.exitCode ?? 'none'}`}`,
    };
  }
  const version = tool.version.pattern.exec(said)?.[1];
  if (version) return { usable: true, version };
  return { usable: false, problem: `\`${call}\` does not tell the version of ${tool.name}: ${said.split('\n')[0]}` };
}

/** Whether a version will do. */
export function isAccepted(tool: ToolDefinition, version: string): boolean {
  return isVersioned(version) ? inRange(version, tool.accepts) : (tool.acceptsUnversioned ?? false);
}
