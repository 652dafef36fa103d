import { immich } from '../fixtures/immich/immich.ts';
import { retention } from '../harness/checks/retention.ts';
import { loseEverything } from '../harness/disasters/lose-everything.ts';
import { defineDrill } from '../harness/model/drill.ts';
import { pgDump } from '../harness/paths/pg-dump.ts';
import { restic } from '../harness/paths/restic.ts';

export default defineDrill({
  name: 'immich-retention',
  claim: 'Retention thins out old backups and never touches the newest set that can be restored',
  workload: immich({ assets: 100 }),
  paths: { library: restic(), database: pgDump() },
  disaster: loseEverything(),
  olderSets: ['70d', '8d', '2d', '1d'],
  retention: { last: 1, daily: 2, weekly: 2, monthly: 2 },
  checks: [retention()],
  objectives: { rto: '2h', rpo: '24h' },
});
