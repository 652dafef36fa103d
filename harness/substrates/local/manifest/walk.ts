import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compareBytes } from '../../../model/manifest.ts';

/**
 * Every path below `root`, folders included, in the order of whole paths as UTF-8 bytes.
 * A folder's children sort as if its name ended in `/`, so that `a/b` comes after `a.txt` as it does in a sorted list.
 */
export function* walk(root: string, folder = ''): Generator<string> {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  const steps = entries.flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    const self = { key: path, path, inside: false };
    return entry.isDirectory() ? [self, { key: `${path}/`, path, inside: true }] : [self];
  });
  steps.sort((a, b) => compareBytes(a.key, b.key));
  for (const step of steps) {
    if (step.inside) yield* walk(root, step.path);
    else yield step.path;
  }
}
