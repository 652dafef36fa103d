import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ToolDefinition } from './definition.ts';

const TOOLS_FOLDER = dirname(dirname(fileURLToPath(import.meta.url)));

/** Every tool that has a file in `harness/machine/tools/`. */
export async function loadDefinitions(): Promise<ToolDefinition[]> {
  const names = await readdir(TOOLS_FOLDER);
  const files = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort();
  return await Promise.all(
    files.map(async (file) => {
      const { tool } = (await import(pathToFileURL(join(TOOLS_FOLDER, file)).href)) as { tool?: ToolDefinition };
      if (!tool) throw new Error(`harness/machine/tools/${file} must export \`tool\``);
      return tool;
    }),
  );
}
