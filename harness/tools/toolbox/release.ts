import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ToolDefinition } from './definition.ts';
import type { Downloader } from './download.ts';
import type { Environment } from './environment.ts';
import { type InstallJob, installFailed, type Origin, type Provider } from './provider.ts';
import { onSearchPath } from './search-path.ts';
import { unpack, unpackerFor } from './unpack.ts';

const OFFICIAL = 'https://github.com';
const CHECKSUM_LINE = /^([0-9a-f]{64})\s+\*?(\S+)\s*$/gim;

/** Installs the pinned official release, when its SHA-256 is the one that was published with it. */
export class ReleaseProvider implements Provider {
  readonly source = 'release';
  readonly #downloader: Downloader;
  readonly #base: string;

  /** `mirror`: a server of the same layout as the official one. */
  constructor(downloader: Downloader, mirror?: string) {
    this.#downloader = downloader;
    this.#base = (mirror || OFFICIAL).replace(/\/+$/, '');
  }

  offers(tool: ToolDefinition): string | undefined {
    const asset = assetOf(tool);
    return tool.release && asset && `the official release ${asset}`;
  }

  async obstacle(tool: ToolDefinition, env: Environment): Promise<string | undefined> {
    const unpacker = unpackerFor(assetOf(tool) ?? '');
    if (!unpacker || (await onSearchPath(unpacker, env)).length > 0) return undefined;
    return `${unpacker} is needed to unpack it and is not on PATH`;
  }

  async install(tool: ToolDefinition, job: InstallJob): Promise<Origin> {
    const asset = assetOf(tool);
    if (!tool.release || !asset) throw new Error(`${tool.name} has no release for this machine`);
    const { repository, tag, checksums } = tool.release;
    const folder = `${this.#base}/${repository}/releases/download/${tag}`;
    await mkdir(job.scratch, { recursive: true });
    const listFile = join(job.scratch, checksums);
    const archive = join(job.scratch, asset);
    await this.#save(tool, `${folder}/${checksums}`, listFile, job);
    const published = publishedSha256(await readFile(listFile, 'utf8'), asset);
    if (!published) {
      throw installFailed(
        tool,
        'release-unlisted',
        `${asset} is not in the published ${checksums}, so it cannot be checked.`,
      );
    }
    job.note(`downloading ${asset}`);
    const sha256 = await this.#save(tool, `${folder}/${asset}`, archive, job);
    if (sha256 !== published) {
      const what = `${folder}/${asset} is not what was published: its SHA-256 is ${sha256}, ${checksums} says ${published}. It was not unpacked.`;
      throw installFailed(tool, 'release-checksum', what);
    }
    try {
      await unpack(archive, tool.programs, job.folder, job);
    } catch (cause) {
      const [first, ...rest] = (cause as Error).message.split('\n');
      const more = { cause, tail: rest.join('\n').trim() };
      throw installFailed(tool, 'release-unpack', `${asset} cannot be unpacked: ${first}.`, more);
    }
    return { origin: [`${folder}/${asset}`], proof: `SHA-256 ${sha256}, as published in ${checksums}` };
  }

  async #save(tool: ToolDefinition, url: string, file: string, job: InstallJob): Promise<string> {
    try {
      return await this.#downloader.save(url, file, job.signal);
    } catch (cause) {
      throw installFailed(tool, 'release-download', `${(cause as Error).message}.`, { cause });
    }
  }
}

function assetOf(tool: ToolDefinition): string | undefined {
  return tool.release?.assets[`${process.platform}-${process.arch}`];
}

function publishedSha256(list: string, asset: string): string | undefined {
  for (const [, sha256, name] of list.matchAll(CHECKSUM_LINE)) {
    if (name === asset) return sha256?.toLowerCase();
  }
  return undefined;
}
