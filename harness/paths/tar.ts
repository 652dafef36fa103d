import type { BackupContext, BackupPath, InMatrix, Receipt, RestoreContext } from '../model/path.ts';
import { retainObjects } from './objects/retain.ts';
import { digestStep, stamp, storedReceipt } from './objects/stored-files.ts';
import { openTransfer, S3_CLIENTS } from './objects/transfer.ts';

const NAME = 'tar';
const CHECKSUMS = 'checksums.sha256';
/** What GNU tar ends with when users added something to a folder meanwhile: the archive is whole all the same. */
const CHANGED_MEANWHILE = 1;

/** How a volume is packed. */
export interface TarOptions {
  readonly compression?: 'gzip' | 'zstd';
}

/** Packs a volume into one compressed archive, with a list of checksums beside it. */
export function tar({ compression = 'gzip' }: TarOptions = {}): BackupPath<'volume'> {
  return {
    name: NAME,
    protects: 'volume',
    programs: ['tar', compression, 'find', 'sha256sum'],
    oneOf: S3_CLIENTS,
    promises: {
      keeps: { mode: true, owner: true, mtime: true, emptyFolders: true },
      leavesOut: [],
      quiesce: false,
    },
    options: { compression },
    backup: (context) => backup(context, compression),
    restore,
    retain: retainObjects,
  };
}

async function backup(context: BackupContext<'volume'>, compression: 'gzip' | 'zstd'): Promise<Receipt> {
  const startedAt = new Date();
  const transfer = await openTransfer(context);
  const { component, source } = context;
  const prefix = `tar/${component}/${stamp(context.at)}/`;
  const archive = `${component}.tar.${compression === 'gzip' ? 'gz' : 'zst'}`;
  const report = await context.run({
    name: `${component}.backup`,
    volumes: [{ volume: source, readOnly: true }],
    steps: (scratch) => [
      // The list first: a file that is added meanwhile is then in the archive and not listed, and not the other way round.
      {
        program: 'find',
        args: ['.', '-type', 'f', '-exec', 'sha256sum', '{}', '+'],
        cwd: source.path,
        stdout: `${scratch}/${CHECKSUMS}`,
      },
      // The POSIX format keeps parts of seconds and long names; numeric owners mean the same on every machine.
      {
        program: 'tar',
        args: [
          '--create',
          '--format=posix',
          '--numeric-owner',
          `--${compression}`,
          '--file',
          `${scratch}/${archive}`,
          '--directory',
          source.path,
          '.',
        ],
        okExitCodes: [0, CHANGED_MEANWHILE],
      },
      digestStep(scratch, archive, CHECKSUMS),
      transfer.upload(`${scratch}/${archive}`, `${prefix}${archive}`),
      transfer.upload(`${scratch}/${CHECKSUMS}`, `${prefix}${CHECKSUMS}`),
    ],
  });
  return await storedReceipt(context, { path: NAME, startedAt, report, prefix }, { prefix, archive });
}

async function restore({ receipt, target, ...context }: RestoreContext<'volume'>): Promise<void> {
  const transfer = await openTransfer(context);
  const { prefix, archive } = receipt.details;
  await context.run({
    name: `${context.component}.restore`,
    volumes: [{ volume: target }],
    steps: (scratch) => [
      transfer.download(`${prefix}${archive}`, `${scratch}/${archive}`),
      transfer.download(`${prefix}${CHECKSUMS}`, `${scratch}/${CHECKSUMS}`),
      {
        program: 'tar',
        args: [
          '--extract',
          '--preserve-permissions',
          '--numeric-owner',
          '--file',
          `${scratch}/${archive}`,
          '--directory',
          target.path,
        ],
        phase: 'load',
      },
      // The archive's own list, checked as an operator would: recorded, and no proof.
      {
        program: 'sha256sum',
        args: ['--check', '--quiet', `${scratch}/${CHECKSUMS}`],
        cwd: target.path,
        phase: 'load',
      },
    ],
  });
}

/** How sabotage tries it. */
export const inMatrix: InMatrix = { rank: 3, forFirst: [tar()] };
