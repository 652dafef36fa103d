import type { JobReport } from '../../../model/job.ts';
import type { Receipt } from '../../../model/path.ts';
import type { SourceContext } from '../../../model/source.ts';
import type { Database, ServiceSlot } from '../../../model/target.ts';
import type { OpenDump } from './open-dump.ts';
import { prepareOwner } from './restricted-owner.ts';

/** What came of a dump that was restored: the jobs of it, and what is to be said of it. */
export interface LoadedDump {
  readonly reports: readonly JobReport[];
  readonly details: Receipt['details'];
}

/** Starts the server that was chosen for a dump, makes what only a superuser can make, and loads the rest as an owner who is none. */
export async function loadDump(
  context: Pick<SourceContext<'postgres'>, 'secret'>,
  dump: OpenDump,
  slot: ServiceSlot<Database>,
): Promise<LoadedDump> {
  const database = await slot.start();
  const { rolesMade, schemas } = await prepareOwner(database, await dump.prepares(), context.secret('owner-password'));
  const { reports, leftOut } = await dump.load(database, schemas);
  return {
    reports,
    details: {
      ...dump.details,
      ...(rolesMade.length > 0 && !dump.makesRoles && { rolesMade: rolesMade.join(', ') }),
      ...(leftOut !== '' && { leftOut }),
    },
  };
}
