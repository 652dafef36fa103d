import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PrivateApt } from './apt.ts';
import type { ToolDefinition } from './definition.ts';
import type { Environment } from './environment.ts';
import { withLock } from './lock.ts';
import { type InstallJob, installFailed, type Origin, type Provider } from './provider.ts';
import { isExecutable, onSearchPath } from './search-path.ts';
import { libraryFolders, missingLibraries } from './shared-libraries.ts';

const NEEDED = ['apt-get', 'apt-cache', 'dpkg-query', 'dpkg-deb', 'ldd'];
const PROGRAM_FOLDERS = ['usr/bin', 'usr/sbin', 'bin', 'sbin'];
/** How far from the tool's own packages its libraries may be. */
const DEPENDENCY_LEVELS = 4;
/** A C library other than the system's own does not work with the system's loader. */
const NEVER = new Set(['libc6', 'libc-bin', 'dpkg', 'perl-base']);

/** Unpacks packages of Debian and its relatives into the cache, with the libraries that the system lacks. No root. */
export class DebianProvider implements Provider {
  readonly source = 'debian';
  readonly #aptFolder: string;

  constructor(aptFolder: string) {
    this.#aptFolder = aptFolder;
  }

  offers(tool: ToolDefinition): string | undefined {
    if (process.platform !== 'linux' || !tool.debianPackages) return undefined;
    return `the packages ${tool.debianPackages.join(' and ')} of this system, unpacked without installing`;
  }

  async obstacle(_tool: ToolDefinition, env: Environment): Promise<string | undefined> {
    const found = await Promise.all(NEEDED.map((program) => onSearchPath(program, env)));
    const missing = NEEDED.filter((_, index) => found[index]?.length === 0);
    return missing.length === 0 ? undefined : `this is no Debian or Ubuntu: ${missing.join(', ')} not on PATH`;
  }

  async install(tool: ToolDefinition, job: InstallJob): Promise<Origin> {
    const apt = new PrivateApt(this.#aptFolder, job.env, job.signal);
    // apt gives up at once when another one works on the same lists.
    return await withLock(`${this.#aptFolder}.lock`, () => this.#unpack(tool, job, apt), { signal: job.signal });
  }

  async #unpack(tool: ToolDefinition, job: InstallJob, apt: PrivateApt): Promise<Origin> {
    const root = join(job.folder, 'root');
    const taken = new Set<string>();
    const origin: string[] = [];
    let level: readonly string[] = tool.debianPackages ?? [];
    job.note(`fetching ${level.join(' and ')} with apt into the cache`);
    const updated = await apt.update();
    for (let depth = 0; depth <= DEPENDENCY_LEVELS && level.length > 0; depth += 1) {
      const { ran, files } = await apt.download(level, join(job.scratch, `level-${depth}`));
      if (!ran.ok) {
        await apt.forgetLists();
        const tail = [updated?.tail, ran.tail].filter(Boolean).join('\n');
        throw installFailed(tool, 'debian-download', `apt could not download ${level.join(', ')}.`, { tail });
      }
      for (const file of files) {
        const unpacked = await apt.unpack(file, root);
        if (!unpacked.ok) {
          throw installFailed(tool, 'debian-unpack', `${basename(file)} cannot be unpacked.`, { tail: unpacked.tail });
        }
        origin.push(basename(file, '.deb').replaceAll('%3a', ':'));
      }
      for (const name of level) taken.add(name);
      if ((await this.#missing(tool, root, job)).length === 0) break;
      level = await nextLevel(apt, level, taken);
    }
    await this.#wrap(tool, root, job);
    return { origin, proof: "apt's signatures" };
  }

  async #missing(tool: ToolDefinition, root: string, job: InstallJob): Promise<string[]> {
    const path = job.env.PATH ?? '';
    const programs = await Promise.all(tool.programs.map((program) => locate(root, program)));
    const lists = await Promise.all(
      programs.map(async (program) => (program ? await missingLibraries(join(root, program), root, path) : [])),
    );
    return [...new Set(lists.flat())];
  }

  /** Puts a small script in the place of each program, which shows it its libraries; it works wherever the folder is. */
  async #wrap(tool: ToolDefinition, root: string, job: InstallJob): Promise<void> {
    const missing = await this.#missing(tool, root, job);
    if (missing.length > 0) {
      const what = `Shared libraries were in none of the packages: ${missing.join(', ')}.`;
      throw installFailed(tool, 'debian-libraries', what);
    }
    const folders = (await libraryFolders(root)).map((folder) => `$here/root/${folder}`);
    for (const program of tool.programs) {
      const location = await locate(root, program);
      if (!location) throw installFailed(tool, 'debian-program', `The packages do not hold ${program}.`);
      const lines = ['#!/bin/sh', `here=\${0%/*}`];
      if (folders.length > 0) {
        lines.push(`LD_LIBRARY_PATH="${folders.join(':')}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"`);
        lines.push('export LD_LIBRARY_PATH');
      }
      lines.push(`exec "$here/root/${location}" "$@"`, '');
      await writeFile(join(job.folder, program), lines.join('\n'));
    }
  }
}

/** The direct dependencies that neither the system has nor we have taken. */
async function nextLevel(apt: PrivateApt, level: readonly string[], taken: ReadonlySet<string>): Promise<string[]> {
  const needed = (await apt.dependencies(level)).filter((name) => !taken.has(name) && !NEVER.has(name));
  const present = await apt.installed(needed);
  return needed.filter((name) => !present.has(name));
}

async function locate(root: string, program: string): Promise<string | undefined> {
  for (const folder of PROGRAM_FOLDERS) {
    if (await isExecutable(join(root, folder, program))) return join(folder, program);
  }
  return undefined;
}
