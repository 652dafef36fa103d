import type { Database, Session, Volume } from '../../../model/target.ts';
import { loadFailed } from './load-failed.ts';
import { type DumpPart, DumpReader } from './sql/dump-reader.ts';
import { piecesOf } from './sql/pieces-of.ts';
import { readPsqlCommand } from './sql/psql-command.ts';
import { type Skipped, type Surroundings, treat } from './sql/treat-statement.ts';

/** What to load of a dump of SQL. */
export interface Loading {
  readonly work: Volume;
  readonly file: string;
  /** Of a dump of everything, the only database that is loaded. */
  readonly section?: string;
  /** Schemas that are there already. */
  readonly schemas: ReadonlySet<string>;
}

/** How many statements of each kind were left out. */
export type LeftOut = ReadonlyMap<Skipped, number>;

/** Sends the statements of a dump to the server one by one, in one transaction, as whoever the database acts as. */
export async function loadSql(database: Database, { work, file, section, schemas }: Loading): Promise<LeftOut> {
  const known = await database.query<{ name: string }>('SELECT lower(name) AS name FROM pg_catalog.pg_settings');
  const surroundings = { database: database.database, settings: new Set(known.map(({ name }) => name)), schemas };
  return await database.session(async (session) => {
    await session.run('BEGIN');
    const leftOut = await sendAll(session, new DumpReader(piecesOf(work, file)), surroundings, section);
    await session.run('COMMIT');
    return leftOut;
  });
}

async function sendAll(
  session: Session,
  reader: DumpReader,
  surroundings: Surroundings,
  section: string | undefined,
): Promise<LeftOut> {
  const leftOut = new Map<Skipped, number>();
  let isMeant = section === undefined;
  for await (const part of reader.parts()) {
    if (part.kind === 'command') {
      const { connect } = readPsqlCommand(part.text, part.line);
      if (connect !== undefined && section !== undefined) isMeant = connect === section;
    } else if (isMeant && part.kind !== 'comment') {
      const skipped = await send(session, part, surroundings);
      if (skipped) leftOut.set(skipped, (leftOut.get(skipped) ?? 0) + 1);
    }
  }
  return leftOut;
}

type Sendable = Exclude<DumpPart, { readonly kind: 'comment' | 'command' }>;

async function send(session: Session, part: Sendable, surroundings: Surroundings): Promise<Skipped | undefined> {
  try {
    if (part.kind === 'copy') await session.copyIn(part.text, part.rows);
    else {
      const treatment = treat(part.text, surroundings);
      if ('skip' in treatment) return treatment.skip;
      await session.run(treatment.run);
    }
    return undefined;
  } catch (error) {
    throw loadFailed(error, part);
  }
}

/** What was left out, for people to read. */
export function tellLeftOut(leftOut: LeftOut): string {
  return [...leftOut].map(([kind, count]) => `${count} of ${kind}`).join(', ');
}
