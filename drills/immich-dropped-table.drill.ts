import { immich } from '../fixtures/immich/immich.ts';
import { dropTable } from '../harness/disasters/drop-table.ts';
import { defineDrill } from '../harness/model/drill.ts';
import { pgDumpTables } from '../harness/paths/pg-dump-tables.ts';

export default defineDrill({
  name: 'immich-dropped-table',
  claim: 'Restores a dropped table with its indexes, constraints and dependents from per-table dumps',
  workload: immich({ assets: 200 }),
  paths: { database: pgDumpTables() },
  disaster: dropTable({ table: 'asset_exif' }),
  objectives: { rto: '30m', rpo: '24h' },
});
