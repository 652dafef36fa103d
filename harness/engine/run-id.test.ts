import { describe, expect, it } from 'vitest';
import { makeRunId } from './run-id.ts';

describe('makeRunId', () => {
  it('sorts by time and is safe as a name of folders and objects', () => {
    expect(makeRunId('photos-full', new Date('2026-11-21T09:30:05Z'))).toMatch(
      /^photos-full-20261121-093005-[0-9a-f]{4}$/,
    );
  });
});
