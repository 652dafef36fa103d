import { immich } from '../fixtures/immich/immich.ts';
import { deleteFiles } from '../harness/disasters/delete-files.ts';
import { defineDrill } from '../harness/model/drill.ts';
import { restic } from '../harness/paths/restic.ts';

export default defineDrill({
  name: 'immich-deleted-files',
  claim: 'Photos that somebody deleted from the disk come back, and nothing else changes',
  workload: immich({ assets: 200 }),
  paths: { library: restic() },
  disaster: deleteFiles(),
  objectives: { rto: '2h', rpo: '24h' },
});
