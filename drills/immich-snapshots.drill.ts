import { immich } from '../fixtures/immich/immich.ts';
import { deleteClaims } from '../harness/disasters/delete-claims.ts';
import { defineDrill } from '../harness/model/drill.ts';
import { databaseSnapshot, volumeSnapshot } from '../harness/paths/volume-snapshot.ts';

export default defineDrill({
  name: 'immich-snapshots',
  claim: 'Immich comes back from snapshots of its disks, taken at one moment each while it runs',
  workload: immich({ assets: 200 }),
  paths: { library: volumeSnapshot(), database: databaseSnapshot() },
  disaster: deleteClaims(),
  objectives: { rto: '15m', rpo: '24h' },
});
