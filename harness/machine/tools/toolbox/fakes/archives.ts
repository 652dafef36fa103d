import { buffer } from 'node:stream/consumers';
import { crc32, gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { pack } from 'tar-stream';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const ZIP_VERSION = 20;

/** A gzipped tar with one file in a folder, and its neighbours. */
export async function tarGz(path: string, text: string): Promise<Uint8Array> {
  const archive = pack();
  archive.entry({ name: 'docs/README.md' }, 'read me');
  archive.entry({ name: path, mode: 0o755 }, text);
  archive.finalize();
  return gzipSync(await buffer(archive));
}

/** What `bzip2` makes of a text. */
export async function bz2(text: string): Promise<Uint8Array> {
  const { stdout } = await execa('bzip2', ['-c'], { input: text, encoding: 'buffer' });
  return stdout;
}

/** A zip archive with one stored file. */
export function zip(path: string, text: string): Uint8Array {
  const name = Buffer.from(path);
  const body = Buffer.from(text);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(ZIP_VERSION, 0);
  common.writeUInt32LE(crc32(body), 10);
  common.writeUInt32LE(body.length, 14);
  common.writeUInt32LE(body.length, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([uint32(LOCAL_HEADER), common, name, body]);
  const made = Buffer.alloc(2);
  const central = Buffer.concat([uint32(CENTRAL_HEADER), made, common, Buffer.alloc(14), name]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, uint32(END), end]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
