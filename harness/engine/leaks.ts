import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { parseAllDocuments } from 'yaml';
import type { Bucket } from '../model/target.ts';
import type { Run } from './run.ts';

/** Shorter values are words, and would be found everywhere. */
export const MIN_SECRET_CHARS = 12;
/** Larger objects are data of the library; reading them all would take longer than the drill. */
const MAX_OBJECT_BYTES = 8 * 1024 * 1024;
const MAX_TOTAL_BYTES = 512 * 1024 * 1024;
const MAX_UNPACKED_BYTES = 128 * 1024 * 1024;

/** Compression hides a secret from a search, and from nobody who wants to read it. */
const UNPACKERS = [
  { magic: Buffer.from([0x1f, 0x8b]), unpack: gunzipSync },
  { magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), unpack: zstdDecompressSync },
];

/** A plain value that must not be found in the backup store, and what it is called. */
export interface PlainSecret {
  readonly name: string;
  readonly value: string;
}

/**
 * Reads the objects of the backup store and looks for the plain bytes of secrets: the workload's own, and the run's.
 * Undefined when there was something to search, and all of it was too large.
 */
export async function findLeaks(
  bucket: Bucket,
  { secrets, log }: { readonly secrets: Pick<Run['secrets'], 'all'>; readonly log: Pick<Run['log'], 'notTested'> },
): Promise<{ secret: string; object: string }[] | undefined> {
  const needles = secrets.all().map((secret) => ({ name: secret.name, forms: formsOf(secret.reveal()) }));
  const leaks: { secret: string; object: string }[] = [];
  let readBytes = 0;
  let searched = 0;
  let passedOver = 0;
  for await (const { key, sizeBytes } of bucket.list()) {
    if (sizeBytes > MAX_OBJECT_BYTES || readBytes + sizeBytes > MAX_TOTAL_BYTES) {
      passedOver += 1;
      continue;
    }
    readBytes += sizeBytes;
    searched += 1;
    const bytes = Buffer.from(await bucket.get(key));
    const texts = [bytes, ...unpacked(bytes)];
    for (const { name, forms } of needles)
      if (texts.some((text) => forms.some((form) => text.includes(form)))) leaks.push({ secret: name, object: key });
  }
  if (passedOver > 0)
    log.notTested.push({
      what: `${passedOver} ${passedOver === 1 ? 'object' : 'objects'} of the backup store, for plain secrets`,
      why: 'only objects up to 8 MiB, 512 MiB in all, are searched',
    });
  return searched === 0 && passedOver > 0 ? undefined : leaks;
}

/** A secret as it is, and as the `data` of a Kubernetes Secret holds it. */
function formsOf(value: string): Buffer[] {
  return [Buffer.from(value), Buffer.from(Buffer.from(value).toString('base64'))];
}

function unpacked(bytes: Buffer): Buffer[] {
  const known = UNPACKERS.find(({ magic }) => bytes.subarray(0, magic.length).equals(magic));
  if (!known) return [];
  try {
    return [known.unpack(bytes, { maxOutputLength: MAX_UNPACKED_BYTES })];
  } catch {
    // Cut short, encrypted under a false name, or far too large: searched as it lies there.
    return [];
  }
}

/** The values of Kubernetes Secrets among YAML files, by Secret and key: `stringData` as it is, `data` decoded. */
export function plainSecretsOf(yaml: string): PlainSecret[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    const object = document.toJS() as {
      kind?: string;
      metadata?: { name?: string };
      stringData?: Record<string, string>;
      data?: Record<string, string>;
    } | null;
    if (object?.kind !== 'Secret') return [];
    const decoded = Object.entries(object.data ?? {}).map(
      ([name, value]) => [name, Buffer.from(value, 'base64').toString('utf8')] as const,
    );
    return [...Object.entries(object.stringData ?? {}), ...decoded]
      .filter(([, value]) => value.length >= MIN_SECRET_CHARS)
      .map(([key, value]) => ({ name: [object.metadata?.name ?? [], key].flat().join('/'), value }));
  });
}
