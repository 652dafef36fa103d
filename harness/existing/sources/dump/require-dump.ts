import { type Blame, DrillError } from '../../../model/error.ts';
import { formatOf, startsWith } from './format-of.ts';

interface Foreign {
  readonly isIt: (head: Uint8Array) => boolean;
  readonly code: string;
  readonly what: string;
  readonly next: string;
  readonly blame: Blame;
}

const DECRYPT = 'decrypt it to a folder of its own, and drill that one; the key to it must be tried some other way.';
const PLAINLY = 'unpack it to a folder of its own, and drill that one.';

function encrypted(by: string, isIt: Foreign['isIt']): Foreign {
  const what = `is encrypted with ${by}: nothing here can look into it`;
  return { isIt, code: 'dump-encrypted', what, next: DECRYPT, blame: 'environment' };
}

function packed(what: string, isIt: Foreign['isIt'], next = PLAINLY): Foreign {
  return { isIt, code: 'dump-packed', what: `${what}: nothing here looks into it`, next, blame: 'environment' };
}

/** What people make of a dump that is none any more until something is done to it. */
const FOREIGN: readonly Foreign[] = [
  encrypted('GnuPG', (head) => startsWith(head, Buffer.from('-----BEGIN PGP MESSAGE')) || isOpenPgp(head)),
  encrypted('age', (head) => startsWith(head, Buffer.from('age-encryption.org/'))),
  encrypted('age', (head) => startsWith(head, Buffer.from('-----BEGIN AGE ENCRYPTED FILE'))),
  encrypted('OpenSSL', (head) => startsWith(head, Buffer.from('Salted__'))),
  packed('is a ZIP archive', (head) => startsWith(head, Buffer.from('PK\u0003\u0004'))),
  packed('is a 7z archive', (head) => startsWith(head, Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]))),
  packed(
    'is a tar archive',
    (head) => startsWith(head, Buffer.from('ustar'), 257),
    `${PLAINLY.slice(0, -1)}, or dump with --format=custom.`,
  ),
  {
    isIt: isUtf16,
    code: 'dump-utf-16',
    what: 'is written in UTF-16, which psql cannot read; PowerShell does that to what `>` writes to a file',
    next: 'dump with `pg_dump --file` instead of `>`: what went through PowerShell may have lost letters as well.',
    blame: 'backup',
  },
];

const TOO_OFTEN = packed('is packed more than twice', (head) => !['plain', 'custom'].includes(formatOf(head)));

/** Says what a file is that begins as no dump does, or as one that was packed and is not unpacked any further. */
export function requireDump(head: Uint8Array, name: string, isLast = false): void {
  const foreign = [...FOREIGN, ...(isLast ? [TOO_OFTEN] : [])].find(({ isIt }) => isIt(head));
  if (!foreign) return;
  const { code, what, next, blame } = foreign;
  throw new DrillError({ code, where: 'source/pg-dump', what: `${name} ${what}.`, next, blame });
}

/** A message begins with a session key: for a public key (packet 1, version 3) or for a passphrase (packet 3, version 4 on). */
function isOpenPgp(head: Uint8Array): boolean {
  const [tag = 0] = head;
  const isOld = (tag & 0xc0) === 0x80;
  const kind = isOld ? (tag >> 2) & 0xf : tag & 0x3f;
  if ((tag & 0x80) === 0 || (kind !== 1 && kind !== 3)) return false;
  const lengthBytes = isOld ? [1, 2, 4, 0][tag & 3] : (head[1] ?? 0) < 192 ? 1 : (head[1] ?? 0) < 224 ? 2 : 5;
  const version = head[1 + (lengthBytes ?? 0)] ?? 0;
  return kind === 1 ? version === 3 || version === 6 : version >= 4 && version <= 6;
}

/** By its mark, or by two hyphens without one. */
function isUtf16(head: Uint8Array): boolean {
  const marks = [
    [0xff, 0xfe],
    [0xfe, 0xff],
    [0x2d, 0, 0x2d, 0],
    [0, 0x2d, 0, 0x2d],
  ];
  return marks.some((mark) => startsWith(head, Buffer.from(mark)));
}
