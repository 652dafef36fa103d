import type { Evidence } from '../../model/check.ts';
import type { SchemaObject } from '../../model/manifest.ts';
import type { Component, LedgerEntry } from '../../model/workload.ts';
import { cacheKey, file, folder, KEEPS_ALL, receipt, reference, row, write } from './entries.ts';
import { EvidenceBuilder } from './evidence-builder.ts';

const COMPONENTS: readonly Component[] = [
  { name: 'library', kind: 'volume', title: 'Photos', regenerable: ['thumbs'], folderMarkers: ['.keep'] },
  {
    name: 'database',
    kind: 'postgres',
    title: 'Database',
    regenerable: [],
    disposable: ['job_queue'],
    calledByName: ['asset'],
  },
  { name: 'redis', kind: 'redis', title: 'Queue', regenerable: [] },
];

/** A point of time in the life of the healthy twin, as `10:03:30`. */
export function at(time: string): string {
  return `2026-03-01T${time}.000Z`;
}

const SCHEMA: readonly SchemaObject[] = [
  { id: 'table asset', kind: 'table', definition: 'asset', table: 'asset' },
  { id: 'index clip_index', kind: 'index', definition: 'USING hnsw (embedding)', table: 'smart_search' },
  { id: 'extension cube', kind: 'extension', definition: '1.5' },
];

const OLD_FILES = [
  folder('upload'),
  folder('upload/empty'),
  file('upload/.keep'),
  file('upload/a.jpg'),
  file('upload/é.jpg'),
  file('upload/stray.tmp'),
  file('upload/link', '', { type: 'symlink', target: 'a.jpg', sha256: '', sha1: '' }),
  folder('thumbs'),
  file('thumbs/.keep'),
  file('thumbs/a.webp'),
  file('upload/live/0.jpg'),
  folder('upload/live'),
];
const OLD_REFERENCES = [
  reference(file('upload/a.jpg')),
  reference(file('upload/é.jpg')),
  reference(file('upload/live/0.jpg')),
  reference(file('thumbs/a.webp'), { sha1: '', sizeBytes: -1, regenerable: true }),
];
const OLD_ROWS = [
  row('asset', 'a'),
  row('asset', 'e'),
  row('asset', 'live-0'),
  row('asset_exif', 'a'),
  row('asset_exif', 'e'),
  row('job_queue', '1'),
  { table: 'keyless', key: 'same', digest: 'same' },
  { table: 'keyless', key: 'same', digest: 'same' },
];

/**
 * A restore that went well. Recorded at 10:00, then backed up: database 10:02 to 10:03, library 10:03 to 10:04, redis
 * 10:04 to 10:05; struck at 10:07. Write 0 came before the recording, 1 before every backup, 2 during that of the
 * library and thus after that of the database, 3 and 4 after all.
 */
export function healthyEvidence(): EvidenceBuilder {
  return withLists(
    new EvidenceBuilder().with({
      components: COMPONENTS,
      struck: COMPONENTS.map(({ name }) => name),
      promises: { library: KEEPS_ALL, database: KEEPS_ALL, redis: KEEPS_ALL },
      ledger: LEDGER,
      phases: {
        record: { startedAt: at('10:00:00'), endedAt: at('10:01:00') },
        strike: { startedAt: at('10:07:00'), endedAt: at('10:07:10') },
        observe: { startedAt: at('10:09:00'), endedAt: at('10:10:00') },
      },
      receipts: [
        receipt('database', at('10:02:00'), at('10:03:00')),
        receipt('library', at('10:03:00'), at('10:04:00')),
        receipt('redis', at('10:04:00'), at('10:05:00')),
      ],
      ...AFTERMATH,
    }),
  );
}

const LEDGER: readonly LedgerEntry[] = [
  live(0, at('09:59:00')),
  live(1, at('10:01:30')),
  live(2, at('10:03:30')),
  live(3, at('10:06:00')),
  live(4, at('10:06:30')),
];

function live(sequence: number, writtenAt: string): LedgerEntry {
  return write(
    sequence,
    writtenAt,
    ['library', `upload/live/${sequence}.jpg`],
    ['database', `asset/live-${sequence}`],
    ['redis', `live:${sequence}`],
  );
}

const AFTERMATH: Partial<Omit<Evidence, 'list'>> = {
  absences: COMPONENTS.map(({ name }) => ({ component: name, looked: name, gone: true, found: 'nothing' })),
  identities: COMPONENTS.map(({ name }) => ({ component: name, before: `${name}-old`, after: `${name}-new` })),
  retained: { library: ['library-1'], database: ['database-1'], redis: ['redis-1'] },
  leaks: [],
  stored: {},
  ready: { ready: true, saw: 'it answers' },
};

function withLists(builder: EvidenceBuilder): EvidenceBuilder {
  const restored = [1, 2].map((sequence) => file(`upload/live/${sequence}.jpg`));
  const inventory = [
    { label: 'albums', count: 2 },
    { label: 'photos', count: 3 },
  ];
  return builder
    .list('before', 'library', 'files', OLD_FILES)
    .list('after', 'library', 'files', [...OLD_FILES, ...restored])
    .list('before', 'database', 'rows', OLD_ROWS)
    .list('after', 'database', 'rows', [...OLD_ROWS, row('asset', 'live-1')])
    .list('before', 'database', 'references', OLD_REFERENCES)
    .list('after', 'database', 'references', [...OLD_REFERENCES, reference(file('upload/live/1.jpg'))])
    .both('database', 'schema', SCHEMA)
    .list('before', 'database', 'inventory', inventory)
    .list('after', 'database', 'inventory', [...inventory.slice(0, 1), { label: 'photos', count: 4 }])
    .list('before', 'redis', 'keys', [cacheKey('queue'), cacheKey('live:0')])
    .list('after', 'redis', 'keys', [0, 1, 2].map((n) => cacheKey(`live:${n}`)).concat(cacheKey('queue')));
}
