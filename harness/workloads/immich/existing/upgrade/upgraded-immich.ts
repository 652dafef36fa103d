import { ready } from '../../../../checks/ready.ts';
import type { UpgradeRehearsal } from '../../../../model/drill.ts';
import type { WorkloadServer } from '../../../../model/server.ts';
import type { World } from '../../../../model/target.ts';
import type { FoundWorkload, Inspection } from '../../../../model/workload.ts';
import { realServer } from '../../server/real-server.ts';
import { originals } from '../checks/originals.ts';
import { SERVER_ITSELF } from '../inspect.ts';
import { type Asked, askUpgraded } from './ask-upgraded.ts';
import { keptAssets } from './kept-assets.ts';
import { keptNumbers } from './kept-numbers.ts';
import { migrationsRun } from './migrations-run.ts';
import { rehearsedVersion } from './rehearsed-version.ts';

const DATABASE = 'database';
const LIBRARY = 'library';

/** Which version to go to, and how long it may take until it serves. */
export interface UpgradeOptions {
  /** The image of the Immich server. */
  readonly image: string;
  readonly budgetMs: number;
  /** The version that the tag of the image names, such as `v3.1.0` or `v3`; empty when it names none. */
  readonly named: string;
}

/** Somebody's Immich on which a newer version is started: judged by what it has kept of what it was given. */
export function upgradedImmich(found: FoundWorkload, options: UpgradeOptions): UpgradeRehearsal['workload'] {
  let asked: Asked | undefined;
  return {
    ...found,
    checks: [
      asBefore(originals(DATABASE, LIBRARY)),
      ready(),
      rehearsedVersion(options.named),
      migrationsRun(DATABASE),
      keptNumbers(DATABASE),
      keptAssets(DATABASE, LIBRARY),
    ],
    inspect: async (world, files) => withServer(await found.inspect(world, files)),
    server: newServer(options),
    ready: async (world, endpoint) => {
      if (!endpoint) return { ready: false, saw: 'no server was started' };
      asked = await askUpgraded(world.database(DATABASE), endpoint, asked);
      return { ...asked.readiness, saw: `${asked.readiness.saw} (answered by ${options.image})` };
    },
  };
}

/** The same judge, looking at what was restored before the newer version was started on it. */
function asBefore(check: ReturnType<typeof originals>): ReturnType<typeof originals> {
  return {
    ...check,
    name: 'restored',
    proves: 'Before the newer version was started, every original was there with the SHA-1 of its row.',
    judge: (evidence) =>
      check.judge({
        ...evidence,
        list: (moment, component, kind) => evidence.list(kind === 'listed' ? moment : 'before', component, kind),
      }),
  };
}

function withServer(found: Inspection): Inspection {
  const jobs = { what: 'the jobs of the newer version', why: 'it is ended as soon as it serves' };
  return { ...found, notTested: [...found.notTested.filter(({ what }) => what !== SERVER_ITSELF), jobs] };
}

/** The server as its own compose file starts it, which wants VectorChord where the database has it, and pgvector elsewhere. */
function newServer({ image, budgetMs }: UpgradeOptions): WorkloadServer {
  const server = realServer(image);
  return {
    ...server,
    readyBudgetMs: budgetMs,
    env: async (world, listening) => {
      const { DB_VECTOR_EXTENSION, ...env } = await server.env(world, listening);
      return (await hasVectorChord(world)) ? env : { ...env, ...(DB_VECTOR_EXTENSION && { DB_VECTOR_EXTENSION }) };
    },
  };
}

async function hasVectorChord(world: World): Promise<boolean> {
  const rows = await world.database(DATABASE).query(`SELECT FROM pg_extension WHERE extname = 'vchord'`);
  return rows.length > 0;
}
