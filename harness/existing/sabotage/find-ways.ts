import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OwnSabotage } from './own-sabotage.ts';

const ENDING = '.ts';

/** Every way of a folder, found by its file, in the order of the alphabet; a file may export several whose names begin with its own. */
export async function findWays(folder: string): Promise<readonly OwnSabotage[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith(ENDING) && !file.endsWith('.test.ts'));
  const found = await Promise.all(
    files.sort().map(async (file) => {
      const { default: exported } = (await import(pathToFileURL(join(folder, file)).href)) as {
        default?: OwnSabotage | readonly OwnSabotage[];
      };
      const ways = [exported ?? []].flat();
      const name = basename(file, ENDING);
      if (ways.length > 0 && ways.every((way) => way.name.startsWith(name))) return ways;
      throw new Error(`${join(folder, file)} should export a way to ruin a backup of its own name as default`);
    }),
  );
  return found.flat();
}
