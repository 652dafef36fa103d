import type { SourceContext } from '../../model/source.ts';
import type { Database, Volume } from '../../model/target.ts';
import { pgRestoreStep } from '../../paths/objects/libpq.ts';
import { linesIn, outputOf } from '../places/place.ts';
import type { DumpFormat } from './format-of.ts';
import { notADump, type OpenDump } from './open-dump.ts';
import { readArchiveHead } from './read-archive-head.ts';
import { type DumpStatements, readStatements } from './read-statements.ts';

const JOBS = '2';
const EXTENSION = 'CREATE EXTENSION IF NOT EXISTS "?[A-Za-z0-9_-]+"?';

/** Reads an archive of pg_dump as far as no program of Postgres is needed for it, which one is only then known. */
export async function openArchive(
  context: SourceContext<'postgres'>,
  work: Volume,
  format: DumpFormat,
): Promise<OpenDump> {
  const file = `${work.path}/dump`;
  const head = readArchiveHead(await work.read('head.bin'));
  if (!head) throw notADump('the head of the archive is cut, or of a kind that is not known');
  // The table of contents holds its statements as they are, whatever the data is compressed with.
  const script = 'LC_ALL=C grep -aoE -- "$1" "$2" | sort -u';
  const toc = format === 'directory' ? `${file}/toc.dat` : file;
  const statements = await outputOf(
    context,
    'extensions',
    { program: 'sh', args: ['-c', script, 'sh', EXTENSION, toc] },
    [{ volume: work, readOnly: true }],
  );
  const extensions = linesIn(statements)
    .map((line) => (line.split(' ').at(-1) ?? '').replaceAll('"', ''))
    .filter((name) => name !== 'plpgsql');
  const details: Record<string, string | number | boolean> = {
    server: head.server,
    client: head.client,
    extensions: extensions.join(', '),
    // An archive has no last line to look for: it is read to its end, or pg_restore ends with an error.
    complete: true,
  };
  return {
    needs: { major: Number.parseInt(head.server, 10), exactly: false, extensions },
    madeAt: head.madeAt,
    details,
    roles: async (database) => {
      const { roles, tables, indexes, foreignKeys } = await statementsOf(context, work, file, database);
      Object.assign(details, { tables, indexes, foreignKeys });
      return roles;
    },
    load: (database) => [pgRestoreStep(database, ['--jobs', JOBS, file])],
  };
}

/** The archive's own SQL, without its rows: it tells the roles that are granted something, which its list does not. */
async function statementsOf(
  context: SourceContext<'postgres'>,
  work: Volume,
  file: string,
  database: Database,
): Promise<DumpStatements> {
  const step = { ...pgRestoreStep(database, []), args: ['--schema-only', '--file=-', file] };
  return readStatements(await outputOf(context, 'schema', step, [{ volume: work, readOnly: true }]));
}
