import { describe, expect, it } from 'vitest';
import type { Judgement } from '../model/check.ts';
import { digestEntry, type PlaceEntry, type PlaceRecord } from '../model/watch.ts';
import { sourceUntouched } from './source-untouched.ts';
import { EvidenceBuilder } from './testing/evidence-builder.ts';

const PLACE: PlaceRecord = { id: '/backup', evidence: 'source-1', by: 'the harness' };

function entry(path: string, facts: PlaceEntry['facts'] = {}): PlaceEntry {
  const type = path === '' || path.endsWith('/') ? 'folder' : 'file';
  return { path, facts: { type, sizeBytes: 12, modified: '1.0', changed: '1.0', inode: '7', mode: '644', ...facts } };
}

const BEFORE = [
  entry(''),
  entry('a/'),
  entry('a/1.jpg'),
  entry('a/2.jpg'),
  digestEntry('a/1.jpg', 12, 'aa'),
  entry('b/'),
];

async function judged(after: readonly PlaceEntry[], record: Partial<PlaceRecord> = {}): Promise<Judgement> {
  const evidence = new EvidenceBuilder().with({ places: [{ ...PLACE, ...record }] });
  return await sourceUntouched().judge(
    evidence.list('before', 'source-1', 'place', BEFORE).list('after', 'source-1', 'place', after).build(),
  );
}

/** The entries of before, one of them otherwise. */
function but(
  path: string,
  change: (entry: PlaceEntry) => PlaceEntry[],
  also: readonly PlaceEntry[] = [],
): PlaceEntry[] {
  return [...BEFORE.flatMap((one) => (one.path === path ? change(one) : [one])), ...also];
}

const stirred = (one: PlaceEntry) => [{ ...one, facts: { ...one.facts, modified: '2.0', changed: '2.0' } }];

describe('source-untouched', () => {
  it('passes what is the same, with its numbers', async () => {
    expect(await judged(BEFORE)).toMatchObject({
      verdict: 'pass',
      actual: '5 entries of 1 place the same before and after, 0.0 MiB of them compared byte by byte',
      findingCount: 0,
    });
  });

  it('fails what has changed in anything that was seen of it, by name', async () => {
    const changes = [
      { mode: '600' },
      { modified: '1.000000001' },
      { changed: '1.5' },
      { inode: '8' },
      { sizeBytes: 11 },
    ];
    for (const facts of changes) {
      const { verdict, findings } = await judged(but('a/2.jpg', () => [entry('a/2.jpg', facts)]));
      expect({ verdict, findings }).toMatchObject({ verdict: 'fail', findings: [{ subject: 'a/2.jpg in /backup' }] });
    }
    const bytes = but('a/1.jpg\0sha256', () => [digestEntry('a/1.jpg', 12, 'bb')]);
    expect(await judged(bytes)).toMatchObject({
      verdict: 'fail',
      findings: [{ subject: 'a/1.jpg in /backup', expected: 'sha256 aa', actual: 'sha256 bb' }],
    });
  });

  it('fails what is gone, and names it once although its folder has changed with it and its digest is missing', async () => {
    const gone = but('a/1.jpg', () => []).filter(({ path }) => path !== 'a/1.jpg\0sha256');
    expect(await judged(gone.flatMap((one) => (one.path === 'a/' ? stirred(one) : [one])))).toMatchObject({
      verdict: 'fail',
      findingCount: 1,
      findings: [{ subject: 'a/1.jpg in /backup', expected: 'file of 12 bytes', actual: 'gone' }],
    });
  });

  it('passes what appeared meanwhile, and names it', async () => {
    expect(await judged(but('b/', stirred, [entry('b/new.jpg')]))).toMatchObject({
      verdict: 'pass',
      actual: expect.stringContaining('1 entry appeared meanwhile'),
      findings: [{ subject: 'b/new.jpg in /backup', actual: 'file of 12 bytes, which appeared meanwhile' }],
    });
  });

  it('sees that something was made and removed again, as a lock is', async () => {
    expect(await judged(but('b/', stirred))).toMatchObject({
      verdict: 'fail',
      findings: [{ subject: 'b/ in /backup', actual: expect.stringContaining('made in it and removed again') }],
    });
    // What appears in another folder explains nothing.
    expect((await judged(but('b/', stirred, [entry('a/3.jpg')]))).findings).toHaveLength(2);
  });

  it('passes changes of a place that the drill could not have written to', async () => {
    const changed = but('a/2.jpg', () => [entry('a/2.jpg', { mode: '600' })]);
    expect(await judged(changed, { guard: 'mounted read-only' })).toMatchObject({
      verdict: 'pass',
      actual: expect.stringContaining('1 change by somebody else meanwhile'),
      findings: [{ actual: 'mode 600, by somebody else: to this drill it was mounted read-only' }],
    });
  });

  it('passes what a running server changes in its folder, and does not know who took something away', async () => {
    const inUse = 'a running server';
    const changed = but('a/2.jpg', () => [entry('a/2.jpg', { sizeBytes: 13 })]);
    expect(await judged(changed, { inUse })).toMatchObject({
      verdict: 'pass',
      actual: expect.stringContaining('1 change in a folder in use'),
      findings: [{ actual: 'sizeBytes 13, in the folder of a running server' }],
    });
    const gone = but('a/2.jpg', () => []);
    expect(await judged(gone, { inUse })).toMatchObject({
      verdict: 'unknown',
      actual: expect.stringContaining('1 entry is gone, by whoever uses the place or by this drill'),
      findingCount: 1,
    });
    expect(await judged(gone, { inUse, guard: 'mounted read-only' })).toMatchObject({ verdict: 'pass' });
  });

  it('does not know where nobody could look', async () => {
    expect(await judged(BEFORE, { trouble: 'not listed again: connection refused' })).toMatchObject({
      verdict: 'unknown',
      actual: expect.stringContaining('/backup was not listed again: connection refused'),
    });
    expect((await sourceUntouched().judge(new EvidenceBuilder().build())).verdict).toBe('unknown');
  });

  it('fails a request that was no read, though it was not let through', async () => {
    const seen = { to: 'http://nas:9000', methods: { GET: 3, PUT: 1 }, refused: ['PUT /photos/lock'], refusedCount: 1 };
    const evidence = new EvidenceBuilder()
      .with({ places: [PLACE], requests: [seen] })
      .both('source-1', 'place', BEFORE);
    expect(await sourceUntouched().judge(evidence.build())).toMatchObject({
      verdict: 'fail',
      actual: expect.stringContaining('requests to http://nas:9000: 3 GET, 1 PUT'),
      findings: [{ subject: 'request to http://nas:9000', actual: 'PUT /photos/lock, which was not let through' }],
    });
  });
});
