import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const FILE = 'provenance.json';

/** How the proof of a release ends whose sum was known before it was downloaded. */
export const PINNED = ', as pinned';

const schema = z.object({
  tool: z.string(),
  version: z.string(),
  source: z.enum(['release', 'go', 'debian']),
  /** The download's address, the module with its version, or the packages with theirs. */
  origin: z.array(z.string()),
  /** What proved the origin: a pinned checksum, the module's hash, apt's signatures. */
  proof: z.string(),
  installedAt: z.string(),
  /** SHA-256 of each program as installed. */
  programs: z.record(z.string(), z.string()),
});

/** Where the programs of one folder of the cache came from. */
export type Provenance = z.infer<typeof schema>;

/** Reads it; undefined when it is missing or half-written. */
export async function readProvenance(folder: string): Promise<Provenance | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(join(folder, FILE), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Writes it beside the programs. */
export async function writeProvenance(folder: string, provenance: Provenance): Promise<void> {
  await writeFile(join(folder, FILE), `${JSON.stringify(provenance, undefined, 2)}\n`);
}
