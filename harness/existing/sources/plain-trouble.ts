import type { Blame } from '../../model/error.ts';

/** What a tool means, in words that need no knowledge of the tool. */
export interface PlainTrouble {
  readonly code: string;
  readonly what: string;
  readonly next: string;
  readonly blame: Blame;
}

interface Pattern extends PlainTrouble {
  readonly says: RegExp;
}

const NAMES = 'see whether the configuration names the right one, and whether its disk is mounted.';
const MEND =
  'run `restic check`, then follow https://restic.readthedocs.io/en/stable/077_troubleshooting.html on a copy of the repository.';

/** What restic, rclone, aws and find say of places that are not there, and of repositories that are not whole; the first counts. */
const PATTERNS: readonly Pattern[] = [
  {
    code: 'bucket-missing',
    says: /NoSuchBucket|The specified bucket does not exist|bucket .*\bnot found\b|directory not found/i,
    what: 'There is no such bucket, or nothing at all below its prefix',
    next: 'see whether the configuration names the right bucket and prefix.',
    blame: 'usage',
  },
  {
    code: 'repository-missing',
    says: /repository does not exist|unable to open config file.*(no such file|not exist)|Is there a repository at the following location/i,
    what: 'There is no restic repository in that place',
    next: NAMES,
    blame: 'usage',
  },
  {
    code: 'repository-damaged',
    says: /error loading index|unable to load index|index is damaged|Load(Raw)?\(<index\//i,
    what: 'The index of the repository is damaged or missing, without which nobody finds anything in it',
    next: `${MEND} \`restic repair index\` makes a new one.`,
    blame: 'backup',
  },
  {
    code: 'repository-damaged',
    says: /\bid [0-9a-f]{8,} not found in repository|not found in index|blob [0-9a-f]{8,}.* not found/i,
    what: 'The index of the repository does not know what the snapshot is made of: an index file, or what it lists, is gone',
    next: `${MEND} \`restic repair index\` finds what is still there.`,
    blame: 'backup',
  },
  {
    code: 'repository-damaged',
    says: /ciphertext verification failed|invalid data returned|hash mismatch|unexpected pack size|<data\/[0-9a-f]+|\bpack [0-9a-f]{8,}\b.*(not exist|damaged|missing)/i,
    what: 'The repository is damaged: a pack of it is missing, or holds other bytes than were written to it',
    next: MEND,
    blame: 'backup',
  },
  {
    code: 'repository-damaged',
    says: /repository contains errors|repository is damaged/i,
    what: 'The repository is damaged',
    next: MEND,
    blame: 'backup',
  },
  {
    code: 'file-cut',
    says: /gzip: .*unexpected end of file|tar: Unexpected EOF in archive|(zstd|xz): .*(premature|Unexpected end of input)/i,
    what: 'The file of the backup is cut: it ends in the middle of what was packed',
    next: 'compare its size with that on the server that made it, and see whether the disk was full or the copy was broken off.',
    blame: 'backup',
  },
  {
    code: 'file-damaged',
    says: /gzip: .*(crc error|length error|invalid compressed data|not in gzip format)|tar: .*not look like a tar archive|(zstd|xz): .*(corrupt|checksum|Compressed data)/i,
    what: 'The file of the backup is damaged: what was packed in it cannot be unpacked',
    next: 'take an earlier one, and see whether its disk, or the transfer to it, changes bytes.',
    blame: 'backup',
  },
  {
    code: 'folder-missing',
    says: /^(\S*\/)?find: .*: No such file or directory$/m,
    what: 'The folder that the configuration names is not in the backup',
    next: 'look into the backup, and see whether the configuration names the right folder of it.',
    blame: 'backup',
  },
];

/** What was the matter, when what a tool said tells so. */
export function plainTrouble(said: string): PlainTrouble | undefined {
  const found = PATTERNS.find(({ says }) => says.test(said));
  return found && { code: found.code, what: found.what, next: found.next, blame: found.blame };
}
