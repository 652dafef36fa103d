import type { RpoReport, RtoReport, RunResult } from '../../harness/model/result.ts';
import type { ToolReport } from '../../harness/model/substrate.ts';

/** The backup paths of the sample drill. */
export const pathsOf: RunResult['drill']['paths'] = {
  library: { name: 'restic', options: { exclude: ['thumbs', 'encoded-video'] } },
  database: { name: 'pg-dump', options: { format: 'custom' } },
  redis: { name: 'redis-rdb', options: {} },
  models: { name: 'tar', options: { compress: 'zstd' } },
  config: { name: 'encrypted-export', options: { tool: 'age' } },
};

/** The outside programs of the samples. */
export const tools: readonly ToolReport[] = [
  { program: 'restic', version: '0.18.1', source: 'release', location: '~/.cache/restore-drill/restic-0.18.1/restic' },
  { program: 'pg_dump', version: '17.6', source: 'PATH', location: '/usr/lib/postgresql/17/bin/pg_dump' },
  { program: 'tar', version: '1.34', source: 'PATH', location: '/usr/bin/tar' },
  {
    program: 'versitygw',
    version: '1.0.18',
    source: 'go',
    location: '~/.cache/restore-drill/versitygw-1.0.18/versitygw',
  },
];

/** A recovery within its objectives. */
export const rto: RtoReport = {
  seconds: 12.4,
  objectiveSeconds: 7200,
  phases: { provision: 1.9, fetch: 4.6, load: 4.3, ready: 1.6 },
  components: {
    library: { seconds: 6.1, objectiveSeconds: 7200, phases: { provision: 0.2, fetch: 4.1, load: 1.2, ready: 0.6 } },
    database: { seconds: 4.8, objectiveSeconds: 1800, phases: { provision: 1.4, fetch: 0.3, load: 2.7, ready: 0.4 } },
    redis: { seconds: 0.9, objectiveSeconds: null, phases: { provision: 0.3, fetch: 0.1, load: 0.2, ready: 0.3 } },
    models: { seconds: 0.3, objectiveSeconds: null, phases: { provision: 0, fetch: 0.1, load: 0.1, ready: 0.1 } },
    config: { seconds: 0.3, objectiveSeconds: null, phases: { provision: 0, fetch: 0, load: 0.1, ready: 0.2 } },
  },
};

/** A loss within its objectives. */
export const rpo: RpoReport = {
  seconds: 1.9,
  objectiveSeconds: 86_400,
  components: {
    library: { seconds: 1.9, objectiveSeconds: null },
    database: { seconds: 0.7, objectiveSeconds: null },
  },
};
