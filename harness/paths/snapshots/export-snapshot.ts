import type { PathContext, Receipt } from '../../model/path.ts';
import type { Volume } from '../../model/target.ts';
import { tar } from '../tar.ts';

/** A job that mounts a volume made from the snapshot packs it: what another path does with a volume that lives. */
const PACKED = tar();

/** The programs that an export needs. */
export function exportPrograms() {
  const { programs, oneOf = [] } = PACKED;
  return { programs, oneOf };
}

/** Copies what a snapshot holds into the backup store; the volume that it was read from goes. */
export async function exportSnapshot(context: PathContext, opened: Volume): Promise<Receipt> {
  try {
    return await PACKED.backup({ ...context, source: opened });
  } finally {
    await opened.destroy();
  }
}

/** Fills a volume from the copy in the backup store. */
export async function restoreExport(
  context: PathContext & { readonly receipt: Receipt },
  target: Volume,
): Promise<void> {
  await PACKED.restore({ ...context, target });
}
