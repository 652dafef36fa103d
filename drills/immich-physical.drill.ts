import { immich } from '../fixtures/immich/immich.ts';
import { loseEverything } from '../harness/disasters/lose-everything.ts';
import { defineDrill } from '../harness/model/drill.ts';
import { encryptedExport } from '../harness/paths/encrypted-export.ts';
import { kubeExport } from '../harness/paths/kube-export.ts';
import { pgBasebackup } from '../harness/paths/pg-basebackup.ts';
import { redisRdb } from '../harness/paths/redis-rdb.ts';
import { s3Sync } from '../harness/paths/s3-sync.ts';
import { tar } from '../harness/paths/tar.ts';

export default defineDrill({
  name: 'immich-physical',
  claim: 'Immich is restored completely from a physical copy of its database and a sync of its files',
  workload: immich({ assets: 200 }),
  paths: {
    library: s3Sync(),
    database: pgBasebackup(),
    redis: redisRdb(),
    models: tar({ compression: 'zstd' }),
    config: encryptedExport({ cipher: 'gpg' }),
    resources: kubeExport(),
  },
  disaster: loseEverything(),
  objectives: { rto: '2h', rpo: '24h' },
});
