import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { execa } from 'execa';
import { extract } from 'tar-stream';
import { type Environment, pick } from './environment.ts';
import { onSearchPath } from './search-path.ts';

const PASSED_ON = ['PATH', 'LD_LIBRARY_PATH'];

/** The program that an archive of this name is unpacked with; undefined when none is needed. */
export function unpackerFor(archive: string): string | undefined {
  if (archive.endsWith('.bz2')) return 'bzip2';
  return archive.endsWith('.zip') ? 'unzip' : undefined;
}

/** Unpacks programs, and nothing else, into `folder`. Single files, compressed or not, are the first of the programs. */
export async function unpack(
  archive: string,
  programs: readonly string[],
  folder: string,
  options: { readonly env: Environment; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const [only = ''] = programs;
  if (/\.(tar\.gz|tgz)$/.test(archive)) await unpackTar(archive, programs, folder);
  else if (archive.endsWith('.gz')) {
    await pipeline(createReadStream(archive), createGunzip(), createWriteStream(join(folder, only)));
  } else if (archive.endsWith('.bz2')) await write(['bzip2', '-dc', archive], join(folder, only), options);
  else if (archive.endsWith('.zip')) {
    for (const program of programs) {
      await write(['unzip', '-p', archive, `*/${program}`], join(folder, program), options);
    }
  } else if (extname(archive) === '') await copyFile(archive, join(folder, only));
  else throw new Error(`${basename(archive)} is in a format that cannot be unpacked`);
}

async function unpackTar(archive: string, programs: readonly string[], folder: string): Promise<void> {
  const entries = extract();
  const unpacking = pipeline(createReadStream(archive), createGunzip(), entries);
  const missing = new Set(programs);
  for await (const entry of entries) {
    const name = basename(entry.header.name);
    // By its base name, into our folder: no path of an archive is ever followed.
    if (entry.header.type === 'file' && missing.delete(name)) {
      await pipeline(entry, createWriteStream(join(folder, name)));
    } else entry.resume();
  }
  await unpacking;
  if (missing.size > 0) throw new Error(`${basename(archive)} does not hold ${[...missing].join(', ')}`);
}

async function write(
  [name = '', ...args]: readonly string[],
  file: string,
  { env, signal }: { readonly env: Environment; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const [command] = await onSearchPath(name, env);
  if (!command) throw new Error(`${name} is not on PATH`);
  await execa(command, args, {
    env: pick(env, PASSED_ON),
    extendEnv: false,
    stdin: 'ignore',
    stdout: { file },
    buffer: false,
    ...(signal && { cancelSignal: signal }),
  });
}
