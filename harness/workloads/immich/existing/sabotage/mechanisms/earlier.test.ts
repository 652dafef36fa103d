import { expect, it } from 'vitest';
import { earlier } from './earlier.ts';

it('takes days off whichever time a name has, and leaves one without a time alone', () => {
  expect(earlier('immich-db-backup-20261121T082133-v3.1.0-pg17.11.sql.gz', 92)).toBe(
    'immich-db-backup-20260821T082133-v3.1.0-pg17.11.sql.gz',
  );
  expect(earlier('immich-db-backup-1790000000000.sql.gz', 1)).toBe('immich-db-backup-1789913600000.sql.gz');
  expect(earlier('immich.sql.gz', 92)).toBe('immich.sql.gz');
  expect(earlier('20269921T992133.sql', 92)).toBe('20269921T992133.sql');
});
