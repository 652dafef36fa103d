import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SampleHistory, sampleSummary } from '../samples/history.ts';
import { readAnchor, writeAnchor } from './anchor.ts';
import { verifyHistory } from './verify.ts';

const nightsOf = (month: number) => [1, 2, 3].map((day) => sampleSummary(new Date(Date.UTC(2026, month, day, 2))));
const NIGHTS = nightsOf(2);
/** The same nights would make the same history again. */
const OTHERS = nightsOf(3);

async function anchored() {
  const history = await new SampleHistory().add(...NIGHTS);
  const anchors = join(history.folder, 'anchors');
  const verified = async () =>
    verifyHistory(await history.store.read(), [], readAnchor(anchors, history.store.location));
  const note = async () => {
    // As whoever records a run does: one that the history contradicts stays.
    const { entries, state } = await verified();
    const last = entries.at(-1);
    if (last && state !== 'tampered') await writeAnchor(anchors, history.store.location, last);
  };
  await note();
  return { history, anchors, verified, note, [Symbol.dispose]: () => history[Symbol.dispose]() };
}

it('history and head that are deleted together are missed, also after a run has begun a new one', async () => {
  using place = await anchored();
  expect((await place.verified()).state).toBe('whole');
  for (const name of ['history.jsonl', 'history.head.json']) rmSync(join(place.history.folder, name));
  const gone = /^the history is gone: the anchor knows 3 runs up to [0-9a-f]{64}; if that was meant, remove \//;
  expect(await place.verified()).toMatchObject({
    state: 'tampered',
    problems: [{ what: expect.stringMatching(gone) }],
  });
  await place.history.add(...OTHERS);
  await place.history.add(...OTHERS);
  await place.note();
  const other = /^the history is not the one that was here: the anchor knows 3 runs/;
  expect((await place.verified()).problems[0]?.what).toMatch(other);
});

it('more records, and an anchor that lags behind, are no tampering', async () => {
  using place = await anchored();
  await place.history.add(...NIGHTS);
  expect((await place.verified()).state).toBe('whole');
  await place.note();
  expect((await place.verified()).state).toBe('whole');
});

it('an anchor that was changed counts as a history that was', async () => {
  using place = await anchored();
  const [name = ''] = readdirSync(place.anchors);
  writeFileSync(join(place.anchors, name), '{}');
  expect((await place.verified()).problems[0]?.what).toMatch(/the anchor in .* cannot be read/);
});
