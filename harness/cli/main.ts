#!/usr/bin/env -S node --max-semi-space-size=8 --max-old-space-size=512
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheFolderOf } from '../machine/tools/toolbox/cache-folder.ts';

// Kept from the last time, the compiled code saves half of the start and tens of MiB, in this thread and in others,
// which go by the environment. It must be there before anything else is imported.
const cacheFolder = cacheFolderOf(process.env);
if (cacheFolder !== undefined) {
  process.env.NODE_COMPILE_CACHE ??= join(cacheFolder, 'node');
  enableCompileCache(process.env.NODE_COMPILE_CACHE);
}
await import('./program.ts');
