import { join } from 'node:path';
import pMap from 'p-map';
import { DrillError } from '../../../model/error.ts';
import { ToolCache } from './cache.ts';
import { cacheFolderOf, makeCacheFolder } from './cache-folder.ts';
import { DebianProvider } from './debian.ts';
import type { ToolDefinition } from './definition.ts';
import { loadDefinitions } from './definitions.ts';
import { type DownloadBudgets, Downloader } from './download.ts';
import type { Environment } from './environment.ts';
import { readFailures } from './failures.ts';
import { findProgram } from './finder.ts';
import type { FoundProgram } from './found-program.ts';
import { GoProvider } from './go.ts';
import { type Installation, installTool } from './installer.ts';
import type { Provider } from './provider.ts';
import { ReleaseProvider } from './release.ts';
import { describeFailures, type Survey, type ToolState } from './survey.ts';

export type { FoundProgram, ProgramSource } from './found-program.ts';
export type { Survey, ToolState } from './survey.ts';

const SURVEYED_AT_ONCE = 4;

/** How a toolbox can be set up; everything has a default. */
export interface ToolboxOptions {
  readonly cacheFolder?: string;
  readonly env?: Environment;
  readonly signal?: AbortSignal;
  /** Lines of progress for a person, such as `building restic 0.18.1 with go: once, about a minute`. */
  readonly note?: (message: string) => void;
  /** A server of GitHub's layout to download releases from; otherwise `DRILL_RELEASE_MIRROR`, otherwise GitHub. */
  readonly releaseMirror?: string;
  readonly definitions?: readonly ToolDefinition[];
  readonly downloadBudgets?: DownloadBudgets;
}

/** Finds outside programs, and installs them where it can. */
export async function openToolbox(options: ToolboxOptions = {}): Promise<Toolbox> {
  return new Toolbox(options, options.definitions ?? (await loadDefinitions()));
}

/** Outside programs: forced by the user, on `PATH`, in known places, in the cache, or installed into the cache. */
export class Toolbox {
  readonly #options: ToolboxOptions;
  readonly #env: Environment;
  readonly #cacheFolder: string | undefined;
  readonly #definitions: readonly ToolDefinition[];
  readonly #providers: readonly Provider[];
  readonly #found = new Map<string, FoundProgram>();
  readonly #installing = new Map<string, Promise<Installation>>();

  constructor(options: ToolboxOptions, definitions: readonly ToolDefinition[]) {
    this.#options = options;
    this.#env = options.env ?? process.env;
    this.#cacheFolder = options.cacheFolder ?? cacheFolderOf(this.#env);
    this.#definitions = definitions;
    const cacheFolder = this.#cacheFolder ?? '';
    this.#providers = [
      new ReleaseProvider(
        new Downloader(options.downloadBudgets),
        options.releaseMirror ?? this.#env.DRILL_RELEASE_MIRROR,
      ),
      new GoProvider(join(cacheFolder, 'go')),
      new DebianProvider(join(cacheFolder, 'apt')),
    ];
  }

  /** Where programs are installed to; undefined when there is no place for them. */
  get cacheFolder(): string | undefined {
    return this.#cacheFolder;
  }

  /** The program as it is on this machine; never installs. Errors when the user forces one that does not run. */
  async find(program: string): Promise<FoundProgram | undefined> {
    return (await this.#look(this.#definition(program), program)).found;
  }

  /** The program, installed into the cache where it is missing; otherwise an error that says what to do. */
  async provide(program: string): Promise<FoundProgram> {
    const tool = this.#definition(program);
    const look = await this.#look(tool, program);
    if (look.found) return look.found;
    if (!this.#isInstallable(tool)) throw this.#missing(tool, program, look.remarks, []);
    const { source, remarks, errors } = await this.#installOnce(tool, program);
    const { found, remarks: after } = await this.#look(tool, program);
    if (!found) throw this.#missing(tool, program, [...look.remarks, ...after, ...remarks], errors);
    const installed = source && found.source === 'cache' ? { ...found, source } : found;
    this.#found.set(program, installed);
    return installed;
  }

  /** What is where, what is missing, and what to do about it; installs nothing. */
  async survey(): Promise<Survey> {
    const tools = await pMap(this.#definitions, (tool) => this.#state(tool), { concurrency: SURVEYED_AT_ONCE });
    return { cacheFolder: this.#cacheFolder, tools };
  }

  #definition(program: string): ToolDefinition {
    const tool = this.#definitions.find(({ programs }) => programs.includes(program));
    if (tool) return tool;
    throw new DrillError({
      code: 'tool-unknown',
      where: 'tools',
      what: `No file in harness/machine/tools/ brings a program called ${program}.`,
      next: `add one that exports a tool with "${program}" among its programs.`,
      blame: 'harness',
    });
  }

  async #look(tool: ToolDefinition, program: string) {
    const known = this.#found.get(program);
    if (known) return { found: known, remarks: [] };
    const cache = this.#cacheFolder === undefined ? undefined : new ToolCache(this.#cacheFolder, this.#env);
    const look = await findProgram(tool, program, this.#env, cache);
    if (look.found) this.#found.set(program, look.found);
    return look;
  }

  #isInstallable(tool: ToolDefinition): boolean {
    return this.#providers.some((provider) => provider.offers(tool));
  }

  /** One try a tool, whoever asks: what failed for one of its programs is not tried again for the next. */
  async #installOnce(tool: ToolDefinition, program: string): Promise<Installation> {
    const installation = this.#installing.get(tool.name) ?? this.#install(tool, program);
    this.#installing.set(tool.name, installation);
    return await installation;
  }

  async #install(tool: ToolDefinition, program: string): Promise<Installation> {
    const cache = new ToolCache(await makeCacheFolder(this.#cacheFolder), this.#env);
    const note = this.#options.note ?? (() => {});
    const parts = { cache, providers: this.#providers, env: this.#env, signal: this.#options.signal, note };
    return await installTool(tool, parts, async () => (await cache.find(tool, program)).found !== undefined);
  }

  #missing(
    tool: ToolDefinition,
    program: string,
    remarks: readonly string[],
    errors: readonly DrillError[],
  ): DrillError {
    const needed = tool.accepts === '*' ? program : `${program} ${tool.accepts}`;
    const seen = remarks.length > 0 ? ` (${remarks.map((remark) => remark.replace(/\.$/, '')).join('; ')})` : '';
    return new DrillError({
      code: 'tool-missing',
      where: `tools/${tool.name}`,
      what: `${needed} was not found${this.#isInstallable(tool) ? ' and could not be installed' : ''}${seen}.`,
      next: tool.hint,
      blame: 'environment',
      tail: errors.flatMap(({ tail }) => (tail ? [tail] : [])).join('\n'),
      ...(errors.length > 0 && { cause: new AggregateError(errors) }),
    });
  }

  async #state(tool: ToolDefinition): Promise<ToolState> {
    const looks = await Promise.all(tool.programs.map((program) => this.#lookOrRemark(tool, program)));
    const found = looks.flatMap((look) => (look.found ? [look.found] : []));
    const missing = tool.programs.filter((program) => !found.some((one) => one.program === program));
    const remarks = new Set(looks.flatMap((look) => look.remarks));
    const installable: string[] = [];
    for (const provider of missing.length > 0 ? this.#providers : []) {
      const offer = provider.offers(tool);
      const obstacle = offer && (await provider.obstacle(tool, this.#env));
      if (obstacle) remarks.add(`${provider.source}: ${obstacle}`);
      else if (offer) installable.push(offer);
    }
    if (this.#cacheFolder !== undefined) {
      const file = new ToolCache(this.#cacheFolder, this.#env).failuresFile(tool);
      for (const remark of describeFailures(await readFailures(file))) remarks.add(remark);
    }
    const { name, purpose, accepts } = tool;
    const next = installable.length > 0 ? 'optional: downloaded on first use, no action needed.' : tool.hint;
    const base = { tool: name, purpose, accepts, found, missing, installable, remarks: [...remarks] };
    return { ...base, ...(missing.length > 0 && { next }) };
  }

  /** A forced program that does not run stops a drill, but not the survey that tells of it. */
  async #lookOrRemark(tool: ToolDefinition, program: string) {
    try {
      return await this.#look(tool, program);
    } catch (error) {
      if (error instanceof DrillError) return { found: undefined, remarks: [error.what] };
      throw error;
    }
  }
}
