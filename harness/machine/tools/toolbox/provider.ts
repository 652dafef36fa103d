import { DrillError } from '../../../model/error.ts';
import type { ToolDefinition } from './definition.ts';
import type { Environment } from './environment.ts';
import type { InstallSource } from './found-program.ts';

/** What an installation may use. */
export interface InstallJob {
  /** Where the programs must be in the end, by their names. */
  readonly folder: string;
  /** An empty folder on the same file system, removed afterwards. */
  readonly scratch: string;
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
  note(message: string): void;
}

/** Where the programs came from, and what proved it. */
export interface Origin {
  readonly origin: string[];
  readonly proof: string;
}

/** One way to install a tool into the cache. */
export interface Provider {
  readonly source: InstallSource;
  /** What it would install, in words; undefined when it has nothing for this tool on this machine. */
  offers(tool: ToolDefinition): string | undefined;
  /** Why it cannot even be tried; undefined when it can. Quick, and writes nothing. */
  obstacle(tool: ToolDefinition, env: Environment): Promise<string | undefined>;
  install(tool: ToolDefinition, job: InstallJob): Promise<Origin>;
}

/** An installation that did not work: the next provider is tried. */
export function installFailed(
  tool: ToolDefinition,
  code: string,
  what: string,
  more: { readonly cause?: unknown; readonly tail?: string } = {},
): DrillError {
  return new DrillError({ code, where: `tools/${tool.name}`, what, next: tool.hint, blame: 'environment', ...more });
}
