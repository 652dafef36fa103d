import { DrillError } from '../../model/error.ts';
import type { JobReport } from '../../model/job.ts';
import type { Receipt } from '../../model/path.ts';
import type { BackupSource, SourceContext } from '../../model/source.ts';
import type { Volume } from '../../model/target.ts';
import { headStep } from './dump/dump-steps.ts';
import { loadDump } from './dump/load-dump.ts';
import { openArchive } from './dump/open-archive.ts';
import { askServer, inWords, LOCK_WAIT_MS, type ServerInUse } from './live/ask-server.ts';
import { notDumped } from './live/not-dumped.ts';
import { surveyServer } from './live/survey-server.ts';
import { receiptOf } from './receipt-of.ts';

const NAME = 'live-postgres';
const FORMAT = 'custom';

/** A database in use, of which pg_dump makes a dump as a job of tonight would; the dump is restored, and the server only read. */
export function livePostgresSource(server: ServerInUse): BackupSource<'postgres'> {
  const { host, port, database, user, password } = server;
  return {
    name: NAME,
    protects: 'postgres',
    programs: ['psql', 'pg_dump', 'sh'],
    promises: {
      keeps: { mode: false, owner: false, mtime: false, emptyFolders: false },
      leavesOut: [],
      quiesce: false,
    },
    options: { host, port, database, user },
    secrets: [password],
    restore: async (context) => await restore(context, server),
  };
}

async function restore(context: SourceContext<'postgres'>, server: ServerInUse): Promise<Receipt> {
  const work = await context.volume('dump');
  const { needs, unreadable } = await context.aside(() => surveyServer(context, server));
  // From here on the programs are of a Postgres that is new enough for the server.
  const slot = await context.target(needs);
  const madeAt = new Date().toISOString();
  const report = await context.aside(() => dump(context, server, work, unreadable));
  const opened = await openArchive(context, work, FORMAT);
  const loaded = await loadDump(context, opened, slot);
  return receiptOf(context, NAME, [report, ...loaded.reports], {
    id: inWords(server),
    madeAt,
    details: { ...loaded.details, format: FORMAT, madeByDrill: true },
  });
}

async function dump(
  context: SourceContext<'postgres'>,
  server: ServerInUse,
  work: Volume,
  unreadable: readonly string[],
): Promise<JobReport> {
  const file = `${work.path}/dump`;
  const args = [`--format=${FORMAT}`, '--no-password', '--lock-wait-timeout', LOCK_WAIT_MS, '--file', file];
  try {
    return await context.run({
      name: `${context.component}.dump`,
      volumes: [{ volume: work }],
      steps: () => [askServer(server, 'pg_dump', args), headStep(work, file)],
    });
  } catch (error) {
    throw error instanceof DrillError ? notDumped(error, server, unreadable) : error;
  }
}
