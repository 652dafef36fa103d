import { DrillError } from '../../../model/error.ts';
import type { JobReport } from '../../../model/job.ts';
import type { Receipt } from '../../../model/path.ts';
import type { PostgresNeeds } from '../../../model/substrate.ts';
import type { Database } from '../../../model/target.ts';
import type { Prepared } from './restricted-owner.ts';

/** What came of a load beside the rows. */
export interface Loaded {
  readonly reports: readonly JobReport[];
  /** What was left out, by kind; empty when nothing was. */
  readonly leftOut: string;
}

/** A dump that has been read through before anything is loaded. */
export interface OpenDump {
  readonly needs: PostgresNeeds;
  /** As an ISO time; empty when the dump does not tell. */
  readonly madeAt: string;
  readonly details: Receipt['details'];
  /** The dump makes its roles itself. */
  readonly makesRoles: boolean;
  /** What has to be made for it before it is loaded; it is asked for once the server is there. */
  prepares(): Promise<Prepared>;
  /** Loads it as whoever the database acts as; the schemas are there already. */
  load(database: Database, schemas: ReadonlySet<string>): Promise<Loaded>;
}

/** A dump that does not say which server it is from is cut, empty, or none at all. */
export function notADump(what: string): DrillError {
  return new DrillError({
    code: 'dump-unreadable',
    where: 'source/pg-dump',
    what: `The dump could not be read: ${what}.`,
    next: 'look at the file, and at what the backup said when it was made.',
    blame: 'backup',
  });
}
