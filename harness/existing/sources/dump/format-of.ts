/** How a dump is written: SQL as text, or an archive of pg_dump as one file or as a folder. */
export type DumpFormat = 'plain' | 'custom' | 'directory';

const GZIP = Buffer.from([0x1f, 0x8b]);
const ARCHIVE = Buffer.from('PGDMP');

/** What the first bytes of a dump tell; names can lie. */
export function formatOf(head: Uint8Array): 'gzip' | 'custom' | 'plain' {
  const starts = (magic: Buffer) => Buffer.from(head.subarray(0, magic.length)).equals(magic);
  if (starts(GZIP)) return 'gzip';
  return starts(ARCHIVE) ? 'custom' : 'plain';
}
