/** How a dump is written: SQL as text, or an archive of pg_dump as one file or as a folder. */
export type DumpFormat = 'plain' | 'custom' | 'directory';

/** Programs that pack a file as a whole. */
export type Packer = 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'lz4';

const MAGIC: readonly (readonly [Packer | 'custom', Buffer])[] = [
  ['gzip', Buffer.from([0x1f, 0x8b])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])],
  ['bzip2', Buffer.from('BZh')],
  ['lz4', Buffer.from([0x04, 0x22, 0x4d, 0x18])],
  ['custom', Buffer.from('PGDMP')],
];

/** What the first bytes of a dump tell; names can lie. */
export function formatOf(head: Uint8Array): Packer | 'custom' | 'plain' {
  return MAGIC.find(([, magic]) => startsWith(head, magic))?.[0] ?? 'plain';
}

/** Whether a file begins with those bytes. */
export function startsWith(head: Uint8Array, magic: Uint8Array, at = 0): boolean {
  return Buffer.from(head.subarray(at, at + magic.length)).equals(magic);
}
