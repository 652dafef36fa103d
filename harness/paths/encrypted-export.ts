import type { BackupContext, BackupPath, InMatrix, Receipt, RestoreContext } from '../model/path.ts';
import { retainObjects } from './objects/retain.ts';
import { type Cipher, keySteps, programsOf, seal, unseal } from './objects/seal.ts';
import { digestStep, stamp, storedReceipt } from './objects/stored-files.ts';
import { openTransfer, S3_CLIENTS } from './objects/transfer.ts';

const NAME = 'encrypted-export';

/** How configuration is sealed. */
export interface EncryptedExportOptions {
  readonly cipher?: Cipher;
}

/** Packs a small volume of configuration and secrets and encrypts it before it leaves the job; the key stays in the vault. */
export function encryptedExport({ cipher = 'age' }: EncryptedExportOptions = {}): BackupPath<'volume'> {
  return {
    name: NAME,
    protects: 'volume',
    programs: ['tar', 'gzip', 'sha256sum', ...programsOf(cipher)],
    oneOf: S3_CLIENTS,
    promises: {
      keeps: { mode: true, owner: true, mtime: true, emptyFolders: true },
      leavesOut: [],
      quiesce: false,
    },
    variant: cipher,
    options: { cipher },
    backup: (context) => backup(context, cipher),
    restore: (context) => restore(context, cipher),
    retain: retainObjects,
  };
}

async function backup(context: BackupContext<'volume'>, cipher: Cipher): Promise<Receipt> {
  const startedAt = new Date();
  const transfer = await openTransfer(context);
  const { component, source, vault } = context;
  const prefix = `export/${component}/${stamp(context.at)}/`;
  const sealed = `${component}.tar.gz.${cipher}`;
  const makeKey = await keySteps(context, cipher);
  const report = await context.run({
    name: `${component}.backup`,
    volumes: [{ volume: source, readOnly: true }, { volume: vault }],
    steps: (scratch) => {
      const plain = `${scratch}/${component}.tar.gz`;
      return [
        ...makeKey,
        {
          program: 'tar',
          args: [
            '--create',
            '--format=posix',
            '--numeric-owner',
            '--gzip',
            '--file',
            plain,
            '--directory',
            source.path,
            '.',
          ],
        },
        seal(context, cipher, plain, `${scratch}/${sealed}`),
        digestStep(scratch, sealed),
        transfer.upload(`${scratch}/${sealed}`, `${prefix}${sealed}`),
      ];
    },
  });
  return await storedReceipt(context, { path: NAME, startedAt, report, prefix }, { key: `${prefix}${sealed}`, cipher });
}

async function restore({ receipt, target, ...context }: RestoreContext<'volume'>, cipher: Cipher): Promise<void> {
  const transfer = await openTransfer(context);
  await context.run({
    name: `${context.component}.restore`,
    volumes: [{ volume: target }, { volume: context.vault, readOnly: true }],
    steps: (scratch) => {
      const sealed = `${scratch}/sealed`;
      const plain = `${scratch}/plain.tar.gz`;
      return [
        transfer.download(String(receipt.details.key), sealed),
        { ...unseal(context, cipher, sealed, plain), phase: 'load' },
        {
          program: 'tar',
          args: [
            '--extract',
            '--preserve-permissions',
            '--numeric-owner',
            '--gzip',
            '--file',
            plain,
            '--directory',
            target.path,
          ],
          phase: 'load',
        },
      ];
    },
  });
}

/** How sabotage tries it. */
export const inMatrix: InMatrix = { rank: 4, forOwn: [encryptedExport(), encryptedExport({ cipher: 'gpg' })] };
