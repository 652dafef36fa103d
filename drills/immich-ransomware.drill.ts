import { immich } from '../fixtures/immich/immich.ts';
import { ransomware } from '../harness/disasters/ransomware.ts';
import { defineDrill } from '../harness/model/drill.ts';
import { pgDump } from '../harness/paths/pg-dump.ts';
import { restic } from '../harness/paths/restic.ts';

export default defineDrill({
  name: 'immich-ransomware',
  claim: 'Recovers a library encrypted by ransomware without touching the live database',
  workload: immich({ assets: 200 }),
  paths: { library: restic(), database: pgDump() },
  disaster: ransomware(),
  objectives: { components: { library: { rto: '2h', rpo: '24h' } } },
});
