import { parseAllDocuments } from 'yaml';
import { given, type RunState } from './run-state.ts';

/** Shorter values are words, and would be found everywhere. */
const MIN_CHARS = 12;
/** Larger objects are data of the library; reading them all would take longer than the drill. */
const MAX_OBJECT_BYTES = 8 * 1024 * 1024;
const MAX_TOTAL_BYTES = 512 * 1024 * 1024;

/** A plain value that must not be found in the backup store, and what it is called. */
export interface PlainSecret {
  readonly name: string;
  readonly value: string;
}

/** Reads the objects of the backup store and looks for the plain bytes of secrets: the workload's own, and the run's. */
export async function findLeaks(state: RunState): Promise<{ secret: string; object: string }[]> {
  const bucket = given(state.bucket, 'the bucket');
  const needles = state.secrets.all().map((secret) => ({ name: secret.name, bytes: Buffer.from(secret.reveal()) }));
  const leaks: { secret: string; object: string }[] = [];
  let readBytes = 0;
  let passedOver = 0;
  for await (const { key, sizeBytes } of bucket.list()) {
    if (sizeBytes > MAX_OBJECT_BYTES || readBytes + sizeBytes > MAX_TOTAL_BYTES) {
      passedOver += 1;
      continue;
    }
    readBytes += sizeBytes;
    const bytes = Buffer.from(await bucket.get(key));
    for (const needle of needles) if (bytes.includes(needle.bytes)) leaks.push({ secret: needle.name, object: key });
  }
  if (passedOver > 0)
    state.notTested.push({
      what: `${passedOver} objects of the backup store, for plain secrets`,
      why: 'only objects up to 8 MiB, 512 MiB in all, are searched',
    });
  return leaks;
}

/** The values of Kubernetes Secrets among YAML files: `stringData` as it is, `data` decoded. */
export function plainSecretsOf(yaml: string): PlainSecret[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    const object = document.toJS() as {
      kind?: string;
      stringData?: Record<string, string>;
      data?: Record<string, string>;
    } | null;
    if (object?.kind !== 'Secret') return [];
    const decoded = Object.entries(object.data ?? {}).map(
      ([name, value]) => [name, Buffer.from(value, 'base64').toString('utf8')] as const,
    );
    return [...Object.entries(object.stringData ?? {}), ...decoded]
      .filter(([, value]) => value.length >= MIN_CHARS)
      .map(([name, value]) => ({ name, value }));
  });
}
