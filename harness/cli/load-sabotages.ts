import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DrillError } from '../model/error.ts';
import type { AnySabotage } from '../model/sabotage.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/sabotage');
const ENDING = '.ts';

/** Every sabotage, found by its file, by name. */
export async function loadSabotages(folder = FOLDER): Promise<AnySabotage[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith(ENDING) && !file.endsWith('.test.ts'));
  return await Promise.all(
    files.sort().map(async (file) => {
      const { default: sabotage } = (await import(join(folder, file))) as { default?: AnySabotage };
      const name = basename(file, ENDING);
      if (sabotage?.name === name) return sabotage;
      throw new DrillError({
        code: 'sabotage-invalid',
        where: `sabotage/${name}`,
        what: `The file should export a sabotage of its own name as default, but it exports ${sabotage?.name ?? 'none'}.`,
        next: `correct fixtures/sabotage/${file}.`,
        blame: 'usage',
      });
    }),
  );
}
