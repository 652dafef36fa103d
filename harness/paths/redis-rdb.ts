import type { BackupContext, BackupPath, InMatrix, Receipt, RestoreContext } from '../model/path.ts';
import { retainObjects } from './objects/retain.ts';
import { digestStep, stamp, storedReceipt } from './objects/stored-files.ts';
import { openTransfer, S3_CLIENTS } from './objects/transfer.ts';

const NAME = 'redis-rdb';
const FILE = 'dump.rdb';

/** Takes an RDB of a running Redis over its replication protocol; a new server loads it when it starts. */
export function redisRdb(): BackupPath<'redis'> {
  return {
    name: NAME,
    protects: 'redis',
    programs: ['redis-cli', 'sha256sum'],
    oneOf: S3_CLIENTS,
    promises: {
      keeps: { mode: false, owner: false, mtime: false, emptyFolders: false },
      leavesOut: [],
      quiesce: false,
    },
    options: {},
    backup,
    restore,
    retain: retainObjects,
  };
}

async function backup(context: BackupContext<'redis'>): Promise<Receipt> {
  const startedAt = new Date();
  const transfer = await openTransfer(context);
  const { component, source } = context;
  const prefix = `redis/${component}/${stamp(context.at)}/`;
  const report = await context.run({
    name: `${component}.backup`,
    volumes: [],
    steps: (scratch) => [
      {
        program: 'redis-cli',
        args: ['-h', source.host, '-p', String(source.port), '--rdb', `${scratch}/${FILE}`],
        env: { REDISCLI_AUTH: source.password },
      },
      digestStep(scratch, FILE),
      transfer.upload(`${scratch}/${FILE}`, `${prefix}${FILE}`),
    ],
  });
  return await storedReceipt(
    context,
    { path: NAME, startedAt, report, prefix },
    { key: `${prefix}${FILE}`, server: source.version },
  );
}

async function restore({ receipt, target, ...context }: RestoreContext<'redis'>): Promise<void> {
  const transfer = await openTransfer(context);
  await context.run({
    name: `${context.component}.restore`,
    volumes: [{ volume: target.data }],
    steps: () => [transfer.download(String(receipt.details.key), `${target.data.path}/${FILE}`)],
  });
  await target.start();
}

/** How sabotage tries it. */
export const inMatrix: InMatrix = { rank: 1, forFirst: [redisRdb()] };
