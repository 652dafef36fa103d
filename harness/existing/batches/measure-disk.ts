import type { PathContext } from '../../model/path.ts';
import type { Database, Volume } from '../../model/target.ts';

/** What a server keeps beside its databases and its log: states of transactions, settings, maps. */
const BESIDE_BYTES = 2 * 1024 ** 2;

const DATABASES = `SELECT (SELECT coalesce(sum(pg_database_size(oid)), 0) FROM pg_database WHERE datallowconn OR datistemplate)
  + (SELECT coalesce(sum(size), 0) FROM pg_ls_waldir()) AS bytes`;

/** What volumes take on the disk, folders and what is lost to blocks included. */
export async function diskOf({ component, run }: PathContext | Measuring, volumes: readonly Volume[]): Promise<number> {
  if (volumes.length === 0) return 0;
  const { steps } = await run({
    name: `${component}.disk`,
    volumes: volumes.map((volume) => ({ volume, readOnly: true })),
    steps: () => [
      {
        program: 'sh',
        args: ['-c', 'du --summarize --block-size=1 -- "$@" | cut -f1', 'sh', ...volumes.map(({ path }) => path)],
      },
    ],
  });
  const lines = (steps[0]?.stdout ?? '').split('\n').filter((line) => line !== '');
  return lines.reduce((sum, line) => sum + Number(line), 0);
}

type Measuring = Pick<PathContext, 'component' | 'run'>;

/** What a database server takes on the disk: all its databases, and its log of changes. */
export async function diskOfServer(database: Database): Promise<number> {
  const [row] = await database.query<{ bytes: string }>(DATABASES);
  return Number(row?.bytes ?? 0) + BESIDE_BYTES;
}
