import { DrillError } from '../../../model/error.ts';
import type { Step } from '../../../model/job.ts';
import type { SourceContext } from '../../../model/source.ts';
import type { Database, Volume } from '../../../model/target.ts';
import { pgRestoreStep } from '../../../paths/objects/libpq.ts';
import { linesIn, outputOf } from '../../places/place.ts';
import { archiveFailed } from './archive-failed.ts';
import type { DumpFormat } from './format-of.ts';
import { KNOWN_EXTENSIONS } from './known-extensions.ts';
import { type Loaded, notADump, type OpenDump } from './open-dump.ts';
import { readArchiveHead } from './read-archive-head.ts';
import { type DumpSurvey, surveyDump } from './survey-dump.ts';
import { useListOf } from './use-list.ts';

const JOBS = '2';
const LIST = 'use-list.txt';
const EXTENSION = 'CREATE EXTENSION IF NOT EXISTS "?[A-Za-z0-9_-]+"?';
/** Who owns what, who may do what and where it lies is that of a cluster, and not of this one. */
const OF_ELSEWHERE = ['--no-owner', '--no-privileges', '--no-tablespaces', '--no-security-labels'];

/** Reads an archive of pg_dump as far as no program of Postgres is needed for it, which one is only then known. */
export async function openArchive(
  context: SourceContext<'postgres'>,
  work: Volume,
  format: DumpFormat,
): Promise<OpenDump> {
  const file = `${work.path}/dump`;
  const head = readArchiveHead(await work.read('head.bin'));
  if (!head) throw notADump('the head of the archive is cut, or of a kind that is not known');
  const extensions = await extensionsIn(context, work, format === 'directory' ? `${file}/toc.dat` : file);
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
    makesRoles: false,
    prepares: async () => {
      const { roles, tables, indexes, foreignKeys, extensions } = await surveyOf(context, work, file);
      Object.assign(details, {
        tables,
        indexes,
        foreignKeys,
        extensions: extensions.map(({ name }) => name).join(', '),
      });
      return { roles, extensions };
    },
    load: (database, schemas) => load(context, work, database, schemas),
  };
}

/** The table of contents holds its statements as they are, whatever the data is compressed with. */
async function extensionsIn(context: SourceContext<'postgres'>, work: Volume, toc: string): Promise<string[]> {
  const script = 'LC_ALL=C grep -aoE -- "$1" "$2" | sort -u';
  const step = { program: 'sh', args: ['-c', script, 'sh', EXTENSION, toc] };
  const statements = await outputOf(context, 'extensions', step, [{ volume: work, readOnly: true }]);
  return (
    linesIn(statements)
      .map((line) => (line.split(' ').at(-1) ?? '').replaceAll('"', ''))
      // What only looks like one, in rows, is told from what is one by pg_restore later.
      .filter((name) => name !== 'plpgsql' && KNOWN_EXTENSIONS.has(name))
  );
}

/** The archive's own SQL, without its rows: it tells the roles that are granted something, which its list does not. */
async function surveyOf(context: SourceContext<'postgres'>, work: Volume, file: string): Promise<DumpSurvey> {
  const step: Step = { program: 'pg_restore', args: ['--schema-only', '--file=-', file], phase: 'load' };
  const sql = await outputOf(context, 'schema', step, [{ volume: work, readOnly: true }]);
  return await surveyDump(onePiece(Buffer.from(sql)));
}

async function* onePiece(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function load(
  context: SourceContext<'postgres'>,
  work: Volume,
  database: Database,
  schemas: ReadonlySet<string>,
): Promise<Loaded> {
  const file = `${work.path}/dump`;
  const list: Step = { program: 'pg_restore', args: ['--list', file] };
  const { text, leftOut } = useListOf(
    await outputOf(context, 'list', list, [{ volume: work, readOnly: true }]),
    schemas,
  );
  await work.write(LIST, Buffer.from(text));
  const args = [...OF_ELSEWHERE, '--jobs', JOBS, `--use-list=${work.path}/${LIST}`, file];
  try {
    const report = await context.run({
      name: `${context.component}.restore`,
      volumes: [{ volume: work }],
      steps: () => [pgRestoreStep(database, args)],
    });
    return { reports: [report], leftOut };
  } catch (error) {
    throw error instanceof DrillError ? archiveFailed(error) : error;
  }
}
