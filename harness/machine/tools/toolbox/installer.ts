import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DrillError } from '../../../model/error.ts';
import type { ToolCache } from './cache.ts';
import type { ToolDefinition } from './definition.ts';
import type { Environment } from './environment.ts';
import { rememberFailure } from './failures.ts';
import { PROGRAM_FOLDER } from './foreign-hands.ts';
import type { InstallSource } from './found-program.ts';
import { withLock } from './lock.ts';
import { probe } from './probe.ts';
import { installFailed, type Provider } from './provider.ts';

const EXECUTABLE = 0o755;

/** What an installer works with. */
export interface InstallerParts {
  readonly cache: ToolCache;
  readonly providers: readonly Provider[];
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
  note(message: string): void;
}

/** How a tool came into the cache, or why it did not. */
export interface Installation {
  /** Undefined when no provider could. */
  readonly source?: InstallSource;
  /** Why providers were passed over, or failed. */
  readonly remarks: readonly string[];
  readonly errors: readonly DrillError[];
}

/** Installs a tool with the first provider that can, unless `isThere` says that another process has done it meanwhile. */
export async function installTool(
  tool: ToolDefinition,
  parts: InstallerParts,
  isThere: () => Promise<boolean>,
): Promise<Installation> {
  const waiting = (holder: string) => parts.note(`waiting for ${holder}, which is installing ${tool.name}`);
  const work = async () => ((await isThere()) ? { remarks: [], errors: [] } : await tryProviders(tool, parts));
  return await withLock(parts.cache.lockFile(tool.name), work, { signal: parts.signal, waiting });
}

async function tryProviders(tool: ToolDefinition, parts: InstallerParts): Promise<Installation> {
  const remarks: string[] = [];
  const errors: DrillError[] = [];
  const failuresFile = parts.cache.failuresFile(tool);
  for (const provider of parts.providers) {
    if (!provider.offers(tool)) continue;
    const obstacle = await provider.obstacle(tool, parts.env);
    if (obstacle) {
      remarks.push(`${provider.source}: ${obstacle}`);
      parts.note(`${tool.name} (${provider.source}): ${obstacle}`);
      continue;
    }
    try {
      await installWith(provider, tool, parts);
      await rememberFailure(failuresFile, provider.source, undefined);
      return { source: provider.source, remarks, errors };
    } catch (error) {
      parts.signal?.throwIfAborted();
      const failure = toDrillError(tool, provider, error);
      errors.push(failure);
      remarks.push(`${provider.source}: ${failure.what}`);
      parts.note(`${tool.name} (${provider.source}): ${failure.what}`);
      await rememberFailure(failuresFile, provider.source, failure);
    }
  }
  return { remarks, errors };
}

/** Into a folder of its own first: the cache never holds a tool that has not answered for its version. */
async function installWith(provider: Provider, tool: ToolDefinition, parts: InstallerParts): Promise<void> {
  const { cache, env, signal, note } = parts;
  const work = await cache.workFolder(tool);
  try {
    const job = { folder: join(work, 'out'), scratch: join(work, 'scratch'), env, signal, note };
    await mkdir(job.folder, { mode: PROGRAM_FOLDER });
    await mkdir(job.scratch);
    const origin = await provider.install(tool, job);
    const version = await versionOf(tool, job.folder, env);
    await cache.publish(tool, job.folder, { version, source: provider.source, ...origin });
  } finally {
    await cache.discard(work);
  }
}

async function versionOf(tool: ToolDefinition, folder: string, env: Environment): Promise<string> {
  let version = '';
  for (const program of [...tool.programs].reverse()) {
    const location = join(folder, program);
    await chmod(location, EXECUTABLE);
    const probed = await probe(tool, location, env);
    if (!probed.usable)
      throw installFailed(tool, 'install-unusable', `What was installed does not do: ${probed.problem}.`);
    version = probed.version;
  }
  return version;
}

function toDrillError(tool: ToolDefinition, provider: Provider, error: unknown): DrillError {
  if (error instanceof DrillError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return installFailed(tool, `${provider.source}-failed`, message, { cause: error });
}
