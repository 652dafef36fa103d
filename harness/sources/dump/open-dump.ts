import { DrillError } from '../../model/error.ts';
import type { Step } from '../../model/job.ts';
import type { Receipt } from '../../model/path.ts';
import type { PostgresNeeds } from '../../model/substrate.ts';
import type { Database } from '../../model/target.ts';

/** A dump that has been read through before anything is loaded. */
export interface OpenDump {
  readonly needs: PostgresNeeds;
  /** As an ISO time; empty when the dump does not tell. */
  readonly madeAt: string;
  readonly details: Receipt['details'];
  /** The roles that the dump speaks of. */
  roles(database: Database): Promise<string[]>;
  load(database: Database): Step[];
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
