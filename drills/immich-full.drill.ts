import { immich } from '../fixtures/immich/immich.ts';
import { loseEverything } from '../harness/disasters/lose-everything.ts';
import { defineDrill } from '../harness/model/drill.ts';
import { encryptedExport } from '../harness/paths/encrypted-export.ts';
import { fromSnapshot } from '../harness/paths/from-snapshot.ts';
import { kubeExport } from '../harness/paths/kube-export.ts';
import { pgDump } from '../harness/paths/pg-dump.ts';
import { redisRdb } from '../harness/paths/redis-rdb.ts';
import { restic } from '../harness/paths/restic.ts';
import { s3Sync } from '../harness/paths/s3-sync.ts';

export default defineDrill({
  name: 'immich-full',
  claim: 'Immich is restored completely: every photo, every row, every setting',
  workload: immich({ assets: 500, users: 3, seed: 1 }),
  paths: {
    library: fromSnapshot(restic()),
    database: pgDump(),
    redis: redisRdb(),
    models: s3Sync(),
    config: encryptedExport(),
    resources: kubeExport(),
  },
  disaster: loseEverything(),
  objectives: {
    rto: '2h',
    rpo: '24h',
    components: {
      library: { rto: '2h', rpo: '24h' },
      database: { rto: '30m', rpo: '24h' },
      redis: { rto: '10m' },
      models: { rto: '1h' },
      config: { rto: '10m' },
    },
  },
});
