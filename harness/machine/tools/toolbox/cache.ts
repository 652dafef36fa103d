import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ToolDefinition } from './definition.ts';
import type { Environment } from './environment.ts';
import { foreignHands, PROGRAM_FOLDER } from './foreign-hands.ts';
import type { FoundProgram, Look } from './found-program.ts';
import { probe } from './probe.ts';
import { PINNED, type Provenance, readProvenance, writeProvenance } from './provenance.ts';
import { isExecutable } from './search-path.ts';
import { sha256Of } from './sha256.ts';
import { compareVersions } from './version-range.ts';

/** Programs that we installed: `<cache>/tools/<tool>/<version>/<program>`, with a `provenance.json` beside them. */
export class ToolCache {
  readonly #root: string;
  readonly #folder: string;
  readonly #env: Environment;

  constructor(cacheFolder: string, env: Environment) {
    this.#root = cacheFolder;
    this.#folder = join(cacheFolder, 'tools');
    this.#env = env;
  }

  lockFile(name: string): string {
    return join(this.#folder, '.locks', name);
  }

  failuresFile(tool: ToolDefinition): string {
    return join(this.#folder, tool.name, 'failures.json');
  }

  /** The newest accepted version that is whole and runs. */
  async find(tool: ToolDefinition, program: string): Promise<Look> {
    const remarks: string[] = [];
    for (const version of await this.#versions(tool)) {
      const folder = join(this.#folder, tool.name, version);
      const location = join(folder, program);
      const problem = await this.#damage(folder, program);
      const probed = problem ? ({ usable: false, problem } as const) : await probe(tool, location, this.#env);
      if (probed.usable) {
        const found: FoundProgram = { program, tool: tool.name, version: probed.version, source: 'cache', location };
        return { found, remarks };
      }
      remarks.push(`in the cache: ${probed.problem}`);
    }
    return { remarks };
  }

  /** An empty folder on the cache's own file system; what killed installations left behind is removed first. */
  async workFolder(tool: ToolDefinition): Promise<string> {
    const parent = join(this.#folder, '.partial', tool.name);
    await removeTree(parent);
    const folder = join(parent, randomUUID());
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async discard(folder: string): Promise<void> {
    await removeTree(folder);
  }

  /** Moves a folder with all programs of a tool into its place, in one step. */
  async publish(
    tool: ToolDefinition,
    folder: string,
    facts: Omit<Provenance, 'programs' | 'tool' | 'installedAt'>,
  ): Promise<void> {
    const programs: Record<string, string> = {};
    for (const program of tool.programs) {
      programs[program] = await sha256Of(join(folder, program));
    }
    const installedAt = new Date().toISOString();
    await writeProvenance(folder, { tool: tool.name, ...facts, installedAt, programs });
    const place = join(this.#folder, tool.name, folderName(facts.version));
    const aside = join(this.#folder, '.partial', tool.name, randomUUID());
    await mkdir(join(this.#folder, tool.name), { recursive: true, mode: PROGRAM_FOLDER });
    await rename(place, aside).catch(ignoreMissing);
    await rename(folder, place);
    await removeTree(aside);
  }

  async #versions(tool: ToolDefinition): Promise<string[]> {
    const entries = await readdir(join(this.#folder, tool.name), { withFileTypes: true }).catch(() => []);
    const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    return names.sort((a, b) => compareVersions(b, a));
  }

  /**
   * What is wrong with a cached program, before it is ever run. It is read whole for its sum: the largest, with 120 MB,
   * costs some 0.1 s, once a program and run.
   */
  async #damage(folder: string, program: string): Promise<string | undefined> {
    const provenance = await readProvenance(folder);
    if (!provenance) return `${folder} has no readable provenance.json`;
    if (provenance.source === 'release' && !provenance.proof.endsWith(PINNED)) {
      return `${folder} was checked against nothing but its own server's checksums`;
    }
    const location = join(folder, program);
    const hands = await foreignHands(this.#root, [this.#folder, dirname(folder), folder, location]);
    if (hands) return hands;
    if (!(await isExecutable(location))) return `${location} is missing or cannot be executed`;
    const sha256 = await sha256Of(location);
    return sha256 === provenance.programs[program] ? undefined : `${location} is not what was installed there`;
  }
}

function folderName(version: string): string {
  return version.replaceAll(/[^\w.+-]/g, '-');
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

async function removeTree(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
