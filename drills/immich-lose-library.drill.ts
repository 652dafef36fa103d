import { immich } from '../fixtures/immich/immich.ts';
import { loseLibrary } from '../harness/disasters/lose-library.ts';
import { defineDrill } from '../harness/model/drill.ts';
import { pgDump } from '../harness/paths/pg-dump.ts';
import { s3Sync } from '../harness/paths/s3-sync.ts';

export default defineDrill({
  name: 'immich-lose-library',
  claim:
    'Immich survives the loss of its media volume, from an append-only sync that skips files Immich can regenerate',
  workload: immich({ assets: 200 }),
  paths: { library: s3Sync({ leaveOut: ['thumbs', 'encoded-video', 'backups'] }), database: pgDump() },
  disaster: loseLibrary(),
  objectives: { components: { library: { rto: '2h', rpo: '24h' } } },
});
