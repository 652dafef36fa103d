import { gunzipSync, gzipSync } from 'node:zlib';
import type { Bucket } from '../../model/target.ts';
import type { Dice } from './dice.ts';

const PAGE_BYTES = 4096;
const SQL = /\.sql\.gz$/;

type Fault = (bucket: Bucket, keys: readonly string[], dice: Dice) => Promise<string>;

/** What can happen to bytes at rest, by name; each says what it did. */
const FAULTS: Readonly<Record<string, Fault>> = {
  flip: (bucket, keys, dice) =>
    change(bucket, dice.pick(keys), (bytes) => {
      const [at, bit] = [dice.below(bytes.length), dice.below(8)];
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      return [bytes, `bit ${bit} of byte ${at} flipped`];
    }),
  cut: (bucket, keys, dice) =>
    change(bucket, dice.pick(keys), (bytes) => {
      const length = dice.below(bytes.length);
      return [bytes.subarray(0, length), `cut from ${bytes.length} to ${length} bytes`];
    }),
  zero: (bucket, keys, dice) =>
    change(bucket, dice.pick(keys), (bytes) => {
      const at = dice.below(Math.ceil(bytes.length / PAGE_BYTES)) * PAGE_BYTES;
      bytes.fill(0, at, at + PAGE_BYTES);
      return [bytes, `page at ${at} zeroed`];
    }),
  drop: async (bucket, keys, dice) => {
    const key = dice.pick(keys);
    await bucket.remove(key);
    return `${key}: dropped`;
  },
  swap: async (bucket, keys, dice) => {
    const one = dice.pick(keys);
    const other = dice.pick(keys.filter((key) => key !== one));
    const [first, second] = [await bucket.get(one), await bucket.get(other)];
    await bucket.put(one, second);
    await bucket.put(other, first);
    return `${one}: swapped with ${other}`;
  },
  duplicate: async (bucket, keys, dice) => {
    const key = keys.find((one) => SQL.test(one));
    if (key === undefined) throw new Error('only a dump in SQL has rows that can be duplicated from outside');
    return await change(bucket, key, (bytes) => {
      const lines = gunzipSync(bytes).toString('utf8').split('\n');
      const rows = lines.flatMap((line, index) => (line.includes('\t') ? [index] : []));
      const row = dice.pick(rows);
      lines.splice(row, 0, lines[row] ?? '');
      return [gzipSync(lines.join('\n')), `row in line ${row + 1} duplicated`];
    });
  },
};

/** Does something at random to one of the stored objects, the same for the same dice; says what. */
export async function ruinAtRandom(bucket: Bucket, dice: Dice): Promise<string> {
  const keys = (await Array.fromAsync(bucket.list())).filter(({ sizeBytes }) => sizeBytes > 0).map(({ key }) => key);
  const isPossible = (name: string) =>
    name === 'duplicate' ? keys.some((key) => SQL.test(key)) : name !== 'swap' || keys.length > 1;
  const names = Object.keys(FAULTS).filter(isPossible);
  const fault = FAULTS[dice.pick(names)];
  if (!fault || keys.length === 0) throw new Error('nothing is stored that could be ruined');
  return await fault(bucket, keys, dice);
}

async function change(
  bucket: Bucket,
  key: string,
  edit: (bytes: Uint8Array) => readonly [Uint8Array, string],
): Promise<string> {
  const [bytes, what] = edit(Uint8Array.from(await bucket.get(key)));
  await bucket.put(key, bytes);
  return `${key}: ${what}`;
}
