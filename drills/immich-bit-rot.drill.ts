import { immich } from '../fixtures/immich/immich.ts';
import { corruptFiles } from '../harness/disasters/corrupt-files.ts';
import { defineDrill } from '../harness/model/drill.ts';
import { tar } from '../harness/paths/tar.ts';

export default defineDrill({
  name: 'immich-bit-rot',
  claim: 'Recovers photos that were silently corrupted (same size, same mtime)',
  workload: immich({ assets: 200 }),
  paths: { library: tar({ compression: 'zstd' }) },
  disaster: corruptFiles(),
  objectives: { rto: '2h', rpo: '24h' },
});
