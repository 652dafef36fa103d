import { expect, it } from 'vitest';
import { samples } from '../../reports/samples/samples.ts';
import type { Receipt } from '../model/path.ts';
import type { RunResult } from '../model/result.ts';
import { renderSummary } from './summary.ts';

const PLAIN = { color: false, columns: 100 } as const;
const SNAPSHOT = `4d610547${'69d06ae2e38f29fd18ae3b9e5fa02322a791bb28ca776628f351'.padEnd(56, '0')}`;

function receipt(component: string, id: string, details: Receipt['details'] = {}): Receipt {
  const at = '2026-11-22T03:00:04.000Z';
  const path = component === 'library' ? 'restic' : 'pg-dump';
  return { path, component, id, startedAt: at, endedAt: at, tools: [], objects: [], details };
}

function summaryOf(type: 'drill' | 'rehearsal', backups: readonly Receipt[]): string {
  const result: RunResult = { ...samples.passed, run: { ...samples.passed.run, type }, backups };
  return renderSummary(result, PLAIN);
}

const OWN = [
  receipt('library', SNAPSHOT, { passedOver: 'aa00 of web:/etc: newer, and without what was looked for' }),
  {
    ...receipt('database', '/backup/dumps/photos-20261122.sql.gz', { checksums: 'SHA256SUMS', verified: true }),
    earlier: [
      { file: 'photos-20261121.sql.gz', madeAt: '', rows: { asset: 3 } },
      { file: 'photos-20261120.sql.gz', madeAt: '', rows: {} },
    ],
  },
];

it('names the snapshot and the dump that were restored', () => {
  const summary = summaryOf('rehearsal', OWN);
  expect(summary).toMatch(/Restored from\n {2}library {3}restic {3}of 2026-11-22 03:00\S*.*4d610547\n/);
  expect(summary).toMatch(
    /\n {2}database {2}pg-dump {2}of 2026-11-22 03:00.*\/backup\/dumps\/photos-20261122\.sql\.gz\n/,
  );
  expect(summary).toContain('    passed over: aa00 of web:/etc: newer');
  expect(summary).toContain('    its sum is that of SHA256SUMS\n');
  expect(summary).toContain('    earlier ones that were counted: photos-20261121.sql.gz\n');
});

it('says nothing of backups that the drill has made itself, or of none', () => {
  expect(summaryOf('drill', OWN)).not.toContain('Restored from');
  expect(summaryOf('rehearsal', [])).not.toContain('Restored from');
});
