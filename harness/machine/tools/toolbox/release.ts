import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleaseAsset, ToolDefinition } from './definition.ts';
import type { Downloader } from './download.ts';
import type { Environment } from './environment.ts';
import { PINNED } from './provenance.ts';
import { type InstallJob, installFailed, type Origin, type Provider } from './provider.ts';
import { onSearchPath } from './search-path.ts';
import { unpack, unpackerFor } from './unpack.ts';

const OFFICIAL = 'https://github.com';
const MACHINE = `${process.platform}-${process.arch}`;

/** Installs the pinned official release, when its SHA-256 is the one that its definition names. */
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
    if (!tool.release) return undefined;
    return `the official release ${assetOf(tool)?.file ?? tool.release.tag}`;
  }

  async obstacle(tool: ToolDefinition, env: Environment): Promise<string | undefined> {
    const asset = assetOf(tool);
    if (!asset) return `no SHA-256 of ${tool.release?.tag} is pinned for ${MACHINE}, so it is not downloaded`;
    const unpacker = unpackerFor(asset.file);
    if (!unpacker || (await onSearchPath(unpacker, env)).length > 0) return undefined;
    return `${unpacker} is needed to unpack it and is not on PATH`;
  }

  async install(tool: ToolDefinition, job: InstallJob): Promise<Origin> {
    const asset = assetOf(tool);
    if (!tool.release || !asset) throw new Error(`${tool.name} has no release for this machine`);
    const { repository, tag } = tool.release;
    const address = `${this.#base}/${repository}/releases/download/${tag}/${asset.file}`;
    await mkdir(job.scratch, { recursive: true });
    const archive = join(job.scratch, asset.file);
    job.note(`downloading ${asset.file}`);
    const sha256 = await this.#save(tool, address, archive, job);
    if (sha256 !== asset.sha256) {
      const what = `${address} is not what was published: its SHA-256 is ${sha256}, pinned is ${asset.sha256}. It was not unpacked.`;
      throw installFailed(tool, 'release-checksum', what);
    }
    try {
      await unpack(archive, tool.programs, job.folder, job);
    } catch (cause) {
      const [first, ...rest] = (cause as Error).message.split('\n');
      const more = { cause, tail: rest.join('\n').trim() };
      throw installFailed(tool, 'release-unpack', `${asset.file} cannot be unpacked: ${first}.`, more);
    }
    return { origin: [address], proof: `SHA-256 ${sha256}${PINNED}` };
  }

  async #save(tool: ToolDefinition, url: string, file: string, job: InstallJob): Promise<string> {
    try {
      return await this.#downloader.save(url, file, job.signal);
    } catch (cause) {
      throw installFailed(tool, 'release-download', `${(cause as Error).message}.`, { cause });
    }
  }
}

function assetOf(tool: ToolDefinition): ReleaseAsset | undefined {
  return tool.release?.assets[MACHINE];
}
