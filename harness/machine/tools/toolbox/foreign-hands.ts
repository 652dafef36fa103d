import { stat } from 'node:fs/promises';

const OTHERS_WRITE = 0o022;
const OTHERS_ENTER = 0o011;
const ROOT = 0;

/** The mode of folders that programs are kept in, whatever the mask of the process: a sandbox must be able to run them. */
export const PROGRAM_FOLDER = 0o755;

/**
 * Why another account could change what lies below `folder`, or the folders in it that are named; undefined when none can.
 * Programs are run from there: whoever can write to it runs as us.
 */
export async function foreignHands(folder: string, below: readonly string[] = []): Promise<string | undefined> {
  const us = process.getuid?.();
  if (us === undefined) return undefined;
  for (const place of [folder, ...below]) {
    const found = await stat(place).catch(() => undefined);
    if (!found) return undefined;
    const { uid, mode } = found;
    if (uid !== us && uid !== ROOT) return `${place} belongs to another account (uid ${uid}, not ${us})`;
    if ((mode & OTHERS_WRITE) !== 0) {
      return `${place} can be written to by other accounts (mode ${(mode & 0o777).toString(8)})`;
    }
    // Nobody else gets any further.
    if ((mode & OTHERS_ENTER) === 0 && uid === us) return undefined;
  }
  return undefined;
}
