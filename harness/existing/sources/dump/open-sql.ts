import type { SourceContext } from '../../../model/source.ts';
import type { Volume } from '../../../model/target.ts';
import { loadSql, tellLeftOut } from './load-sql.ts';
import { notADump, type OpenDump } from './open-dump.ts';
import { requireKnown } from './restricted-owner.ts';
import { piecesOf } from './sql/pieces-of.ts';
import { surveyDump } from './survey-dump.ts';

const FILE = 'dump';

/** Reads a dump of SQL through, and says what it needs, holds, and how it is loaded: by no program, statement by statement. */
export async function openSql(context: SourceContext<'postgres'>, work: Volume, preferred: string): Promise<OpenDump> {
  const survey = await context.load('read', async () => await surveyDump(piecesOf(work, FILE), preferred));
  const { complete, tables, indexes, foreignKeys, server, client, isCluster, extensions, roles, database } = survey;
  if (!server) throw notADump('it does not say which server it was made from');
  requireKnown(extensions);
  const names = extensions.map(({ name }) => name);
  return {
    needs: {
      major: Number.parseInt(server, 10),
      exactly: false,
      extensions: names,
      ...(isCluster && database && { database }),
    },
    madeAt: '',
    details: {
      ...{ complete, tables, indexes, foreignKeys, server, client, extensions: names.join(', ') },
      ...(isCluster && { cluster: true }),
    },
    makesRoles: isCluster,
    prepares: async () => ({ extensions, roles }),
    load: async (into, schemas) => {
      const loading = { work, file: FILE, schemas, ...(isCluster && { section: database }) };
      const leftOut = await context.load('restore', async () => await loadSql(into, loading));
      return { reports: [], leftOut: tellLeftOut(leftOut) };
    },
  };
}
