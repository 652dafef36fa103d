import { immich } from '../fixtures/immich/immich.ts';
import { loseDatabase } from '../harness/disasters/lose-database.ts';
import { defineDrill } from '../harness/model/drill.ts';
import { pgDump } from '../harness/paths/pg-dump.ts';
import { restic } from '../harness/paths/restic.ts';

export default defineDrill({
  name: 'immich-lose-database',
  claim: 'Immich survives the loss of its database alone, from the dump Immich itself writes every night',
  workload: immich({ assets: 200 }),
  paths: { library: restic(), database: pgDump({ format: 'plain' }) },
  disaster: loseDatabase(),
  objectives: { components: { database: { rto: '30m', rpo: '24h' } } },
});
